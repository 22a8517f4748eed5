"""The papers: their claims, our reproductions, the leaderboard."""

"""Log-in by a provider of OpenID Connect, who says who somebody is, and the role."""

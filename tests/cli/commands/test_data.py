"""`data`: what a set holds, and what is refused as not CIFAKE."""

import json
import re

from cifake_core import cli
from cifake_core.basics import places
from cifake_core.data import facts


def test_data_info_tells_what_the_set_holds(models, tiny_zip, capsys):
    """The object has counts, duplicates and the digest, and says it is not CIFAKE."""
    status = cli.main(["data", "info", "--data", str(tiny_zip), "--json"], models)

    found = json.loads(capsys.readouterr().out)
    assert status == 0
    assert found["counts"] == {
        "train/FAKE": 14,
        "train/REAL": 14,
        "test/FAKE": 6,
        "test/REAL": 6,
    }
    assert found["duplicates"]["leak_free_test"] == 10
    assert re.fullmatch("[0-9a-f]{64}", found["content_digest"])
    assert found["is_published"] is False


def test_data_info_reads_well(models, tiny_zip, capsys):
    """A person gets the same without braces."""
    cli.main(["data", "info", "--data", str(tiny_zip)], models)

    text = capsys.readouterr().out
    assert "train/FAKE 14" in text
    assert "not CIFAKE as published" in text
    assert "{" not in text


def test_data_verify_refuses_another_set(models, tiny_zip, refusal):
    """A set with other counts is not CIFAKE."""
    status = cli.main(["data", "verify", "--data", str(tiny_zip), "--json"], models)

    assert status == 2
    assert "not CIFAKE as published" in refusal()


def test_data_download_does_not_replace_what_is_there(models, own_cache, refusal):
    """A set in the cache is kept, and its folder named."""
    (own_cache / "data").mkdir(parents=True)

    status = cli.main(["data", "download"], models)

    assert status == 2
    assert f"data set in {own_cache / 'data'}" in refusal()


def test_facts_on_the_published_set_are_shipped(models, published, capsys):
    """The file can be read where the page looks for it; the object has its figures."""
    status = cli.main(["data", "facts", "--data", str(published), "--json"], models)

    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert status == 0
    assert record["data_digest"] == facts.read(models).data_digest
    assert record["near_grey"].keys() == {"FAKE", "REAL"}


def test_facts_on_another_set_leave_models_alone(models, tiny_zip, capsys):
    """They go to the user's cache; a person reads shares and the place."""
    status = cli.main(["data", "facts", "--data", str(tiny_zip)], models)

    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert lines[0].startswith("almost grey, of FAKE")
    assert lines[-1].startswith(str(places.cache_folder() / "facts"))
    assert list(models.iterdir()) == []

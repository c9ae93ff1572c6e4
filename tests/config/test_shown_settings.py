"""What manifests record of a settings file and of Beam's options holds no secret."""

from __future__ import annotations

import argparse

import pytest

from pipelines.config.config import Config
from pipelines.given.config_choices import config_shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["--s3_secret_access_key=hunter2"], ["--s3_secret_access_key=***"]),
        (["--s3_session_token", "hunter2", "--streaming"], ["--s3_session_token", "***", "--streaming"]),
        (["--s3_endpoint_url=http://desk:hunter2@127.0.0.1:9"], ["--s3_endpoint_url=http://***@127.0.0.1:9"]),
        (["--runner", "FlinkRunner", "--s3_region_name=eu"], ["--runner", "FlinkRunner", "--s3_region_name=eu"]),
    ],
)
def test_a_manifest_has_beams_options_without_the_values_of_secrets(words: list[str], shown: list[str]) -> None:
    assert config_shown(argparse.Namespace(), words) == {"beam": shown}


def test_a_manifest_has_only_path_and_digest_of_a_settings_file() -> None:
    config = Config("desk.toml", "abc", beam={"s3_secret_access_key": "hunter2"})
    shown = config_shown(argparse.Namespace(chosen=config), ["--s3_secret_access_key=hunter2"])
    assert shown == {"config": "desk.toml", "config_digest": "abc", "beam": ["--s3_secret_access_key=***"]}

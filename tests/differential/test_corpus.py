# SPDX-License-Identifier: BSD-2-Clause
"""Files after the shapes that people publish mean the same to keepalived and to `vrrp-xdp import`."""

import shutil
from pathlib import Path

import pytest
from judge import Judge

_CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("source", _CORPUS, ids=lambda path: path.stem)
def test_FileOfTheCorpus_MeansTheSame(judge: Judge, tmp_path: Path, source: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    else:
        shutil.copy(source, tmp_path / "keepalived.conf")
    judgement = judge.judge(tmp_path)
    assert not judgement.wrong, "\n".join(judgement.wrong)


def test_Corpus_IsLarge_AndKeepalivedTakesNearlyAllOfIt(judge: Judge) -> None:
    assert len(_CORPUS) >= 150

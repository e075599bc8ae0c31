# SPDX-License-Identifier: BSD-2-Clause
"""Random files mean the same to keepalived and to `vrrp-xdp import`. VRRP_XDP_DIFFERENTIAL_RUNS=10000 tries so many, and
VRRP_XDP_DIFFERENTIAL_SEED=42 begins at another one."""

import os
from collections import Counter
from pathlib import Path

from generator import Generator
from judge import Judge

_RUNS = int(os.environ.get("VRRP_XDP_DIFFERENTIAL_RUNS", "50"))
_FIRST = int(os.environ.get("VRRP_XDP_DIFFERENTIAL_SEED", "1"))
# All of them are wrong for the same reason: a few show it.
_MOST_SHOWN = 10


def test_GeneratedFiles_MeanTheSame(judge: Judge, tmp_path: Path) -> None:
    wrong: list[str] = []
    kinds: Counter[str] = Counter()
    taken = 0
    for seed in range(_FIRST, _FIRST + _RUNS):
        directory = tmp_path / str(seed)
        directory.mkdir()
        Generator(seed).write(directory)
        judgement = judge.judge(directory)
        taken += judgement.starts
        kinds.update(each.field.split(" ")[0] for each in judgement.documented)
        if judgement.wrong:
            wrong.append("\n  ".join([f"seed {seed}:", *judgement.wrong]))
    print(f"{_RUNS} files, of which keepalived takes {taken}; documented differences: {dict(kinds)}")
    assert not wrong, f"{len(wrong)} of {_RUNS} files are not the same\n" + "\n".join(wrong[:_MOST_SHOWN])
    assert taken > _RUNS / 2

# SPDX-License-Identifier: BSD-2-Clause
"""Runs a command under one of Debian's kernels, in a virtual machine whose files are this machine's.

kernels.py fetches a kernel, initramfs.py packs what it needs to reach the files, machine.py runs it, guest/ is what runs
inside. The machine is emulated, so no hardware virtualisation is needed.
"""

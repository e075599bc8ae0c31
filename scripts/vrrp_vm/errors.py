# SPDX-License-Identifier: BSD-2-Clause
"""What can go wrong before and around a command in a virtual machine."""


class VmError(RuntimeError):
    """The virtual machine could not do its work; the message says what to do next."""

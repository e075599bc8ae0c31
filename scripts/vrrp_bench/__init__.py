# SPDX-License-Identifier: BSD-2-Clause
"""Benchmarks of vrrp-xdp beside other VRRP implementations, in the lab of scripts/vrrp_lab."""

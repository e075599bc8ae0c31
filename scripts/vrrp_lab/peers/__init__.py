# SPDX-License-Identifier: BSD-2-Clause
"""VRRP implementations as they run in the lab: keepalived, FRR and vrrp-xdp."""

"""Prefect flows over the product's own story. The only place that knows Prefect.

Prefect reads its environment when it is first imported, so what it should do by default is said here, before any
flow imports it. What the user has set stands.
"""

import os

from flows.logs import quieten

DEFAULTS = {
    # Nothing leaves the machine unasked.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # A first start makes the server's database; the 20 s that it is given by default are too few on a busy machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}

for _name, _value in DEFAULTS.items():
    os.environ.setdefault(_name, _value)

quieten()

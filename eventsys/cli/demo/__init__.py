"""The demo: a believable association, so that everything can be tried at once."""

from eventsys.cli.demo.load import DEMO_STAFF, demo, load_demo

__all__ = ["DEMO_STAFF", "demo", "load_demo"]

"""The demonstration centre: a simulated e-commerce customer-service centre that behaves like any other source."""

from console.connectors.demo.centre import DemoCentre
from console.connectors.demo.connector import DemoConnector
from console.connectors.demo.site import Site

__all__ = ["DemoCentre", "DemoConnector", "Site"]

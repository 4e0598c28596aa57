"""The demonstration centre: a simulated e-commerce customer-service centre that behaves like any other source."""

from console.connectors.demo.centre import DemoCentre
from console.connectors.demo.connector import DemoConnector

__all__ = ["DemoCentre", "DemoConnector"]

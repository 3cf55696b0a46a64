"""The desk: pages for reading, reviewing and publishing, each with the same data as JSON."""

from dragoman.serve.app import create_app
from dragoman.serve.desk import Desk
from dragoman.serve.roles import ROLE_PERMISSIONS, Permission, Role

__all__ = ["ROLE_PERMISSIONS", "Desk", "Permission", "Role", "create_app"]

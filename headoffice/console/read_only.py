"""Pages on which nothing can be changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin


class ReadOnly(ModelAdmin):  # type: ignore[misc]  # the library is not typed
    """A list nobody changes: staff may see it, the books change only by posting."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nothing is deleted."""
        return False

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever may enter the console may look."""
        return admin.site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As ``has_view_permission``."""
        return self.has_view_permission(request)

from django.urls import path

from authoring.views import (
    batching,
    comparing,
    editing,
    editing_acts,
    editing_changes,
    modules,
    previewing,
    publishing,
    uploading,
)

urlpatterns = [
    path("", modules.overview, name="authoring"),
    path("uploads/", uploading.upload, name="authoring_upload"),
    path("uploads/<uuid:uuid>/", uploading.progress, name="authoring_uploaded"),
    path("uploads/<uuid:uuid>/again/", uploading.again, name="authoring_again"),
    path("uploads/<uuid:uuid>/publish/", batching.publish, name="authoring_batch"),
    path("modules/<str:slug>/", modules.module, name="authoring_module"),
    path("modules/<str:slug>/edit/", editing.pages, name="authoring_edit"),
    path("modules/<str:slug>/edit/new/", editing_acts.new, name="authoring_edit_new"),
    path("modules/<str:slug>/edit/build/", editing_acts.build, name="authoring_edit_build"),
    path("modules/<str:slug>/edit/discard/", editing_acts.discard, name="authoring_edit_discard"),
    path("modules/<str:slug>/edit/rebase/", editing_acts.rebase, name="authoring_edit_rebase"),
    path("modules/<str:slug>/edit/page/<path:path>", editing.page, name="authoring_edit_page"),
    path("modules/<str:slug>/edit/preview/<path:path>", editing.preview, name="authoring_edit_preview"),
    path("modules/<str:slug>/edit/texts/<path:path>", editing.clash, name="authoring_edit_clash"),
    path("modules/<str:slug>/edit/saves/<path:path>", editing_changes.saves, name="authoring_edit_saves"),
    path("modules/<str:slug>/edit/image/<path:path>", editing_acts.image, name="authoring_edit_image"),
    path(
        "modules/<str:slug>/edit/media/<str:digest>/<str:name>",
        editing_acts.media,
        name="authoring_edit_media",
    ),
    path("versions/<int:pk>/", modules.version, name="authoring_version"),
    path("versions/<int:pk>/lacking.patch", editing_changes.lacking_patch, name="authoring_lacking_patch"),
    path("versions/<int:pk>/written.patch", editing_changes.written_patch, name="authoring_written_patch"),
    path("versions/<int:pk>/compare/", comparing.compare, name="authoring_compare"),
    path("versions/<int:pk>/publish/", publishing.publish, name="authoring_publish"),
    path("versions/<int:pk>/discard/", publishing.discard, name="authoring_discard"),
    path("receipts/<int:pk>/", publishing.receipt, name="authoring_receipt"),
    # An audience's name may hold a slash: the longer addresses are tried first.
    path(
        "versions/<int:pk>/as/<path:audience>/pages/<uuid:page>/media/<str:digest>/<str:name>",
        previewing.media,
        name="authoring_preview_media",
    ),
    path(
        "versions/<int:pk>/as/<path:audience>/pages/<uuid:page>/",
        previewing.page,
        name="authoring_preview_page",
    ),
    path("versions/<int:pk>/as/<path:audience>/", previewing.module, name="authoring_preview"),
]

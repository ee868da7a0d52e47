from django.urls import path

from authoring.views import modules, previewing, publishing, uploading

urlpatterns = [
    path("", modules.overview, name="authoring"),
    path("uploads/", uploading.upload, name="authoring_upload"),
    path("uploads/<uuid:uuid>/", uploading.progress, name="authoring_uploaded"),
    path("uploads/<uuid:uuid>/again/", uploading.again, name="authoring_again"),
    path("modules/<str:slug>/", modules.module, name="authoring_module"),
    path("versions/<int:pk>/", modules.version, name="authoring_version"),
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

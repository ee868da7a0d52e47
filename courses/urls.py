from django.urls import path

from courses.views.media import page_media

urlpatterns = [
    path("<uuid:page>/media/<str:digest>/<str:name>", page_media, name="page_media"),
]

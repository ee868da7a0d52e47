from django.urls import path

from learning.views import answering, completing, paths, people, reading, reporting, searching, team

urlpatterns = [
    path("", reading.catalogue, name="catalogue"),
    path("paths/<str:slug>/", paths.path, name="path"),
    path("modules/<str:slug>/", reading.module, name="module"),
    path("modules/<str:slug>/<str:section_slug>/", reading.section, name="section"),
    path("pages/<uuid:uuid>/", reading.page, name="page"),
    path("pages/<uuid:uuid>/checks/<slug:quiz_key>/", answering.check, name="check"),
    path(
        "pages/<uuid:uuid>/checks/<slug:quiz_key>/questions/<slug:question_key>/report/",
        reporting.report,
        name="report_question",
    ),
    path("pages/<uuid:uuid>/done/", answering.mark_done, name="mark_done"),
    path("completed/<str:slug>/", completing.completed, name="completed"),
    path("certificates/<str:serial>/", completing.certificate, name="certificate"),
    path("search/", searching.search, name="search"),
    path("team/", team.overview, name="team"),
    path("team/export.csv", team.export, name="team_csv"),
    path("team/people/<int:pk>/", people.person, name="team_person"),
    path("team/people/<int:pk>/time/", people.give_time, name="team_time"),
    path("team/tries/<int:pk>/", people.give_try, name="team_try"),
    path("team/<str:slug>/", team.module, name="team_module"),
]

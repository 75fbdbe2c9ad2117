"""Feeds: one's own under `feeds/`, those of a data source under it."""

from django.urls import path

from apps.feeds import views

urlpatterns = [
    path("feeds/", views.feed_list, name="feed-list"),
    path("feeds/<uuid:pk>/", views.feed_detail, name="feed-detail"),
    path("feeds/<uuid:pk>/run/", views.feed_run, name="feed-run"),
    path("feeds/<uuid:pk>/pause/", views.feed_pause, name="feed-pause"),
    path("feeds/<uuid:pk>/resume/", views.feed_resume, name="feed-resume"),
    path("feeds/<uuid:pk>/delete/", views.feed_delete, name="feed-delete"),
    path("sources/<int:identifier>/feeds/", views.feed_source, name="feed-source"),
]

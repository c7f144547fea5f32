"""Every version of the protocol side by side, oldest first, with what each changed."""

from wsinspector.ui.learn.topic import TopicPage


class VersionsPage(TopicPage):
    pass

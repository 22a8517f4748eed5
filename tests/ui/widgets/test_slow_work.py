"""Slow work on a page: its bar, its way to be stopped, and its way on."""

from streamlit.testing.v1 import AppTest

from tests.ui.reading import labels, texts


def page() -> None:
    """Do work in three steps; AppTest runs this function as a page of its own."""
    import streamlit as st

    from cifake_core.ui.widgets import slow_work

    def count(progress) -> int:
        for share in st.session_state.get("shares", ()):
            progress(share)
        st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1
        if st.session_state.pop("breaks_off", False):
            st.stop()
        return 7

    found = slow_work.run("page_count", ("cat", 3), "Counting", count, height=120)
    st.write("found", found)


def opened(**session: object) -> AppTest:
    """Return the page, its session as given."""
    app = AppTest.from_function(page, default_timeout=20)
    for name, value in session.items():
        app.session_state[name] = value
    return app.run()


def test_finished_work_leaves_no_bar():
    """What is done is on the page, and neither bar nor button is left."""
    app = opened(shares=(0.0, 0.5, 1.0))

    assert "7" in app.main.children[1].value
    assert not app.get("progress")
    assert not app.button
    assert not app.exception


def skeletons(app: AppTest) -> list[str]:
    """Return the grey places on the page, each as HTML."""
    return [each.proto.body for each in app.get("html")]


def test_the_place_of_what_comes_is_grey_until_then():
    """It is as high as what comes, and there only while the work takes its time."""
    [counting] = skeletons(opened(shares=(0.0,), breaks_off=True))

    assert "height: 120px" in counting
    assert "cifake-skeleton" in counting
    assert skeletons(opened()) == skeletons(opened(shares=(0.0, 1.0))) == []


def test_so_is_the_place_of_what_cannot_be_stopped():
    """It is there while the work is done, and gone whether that ends or fails."""

    def fails() -> None:
        import streamlit as st

        from cifake_core.ui.widgets import slow_work

        st.session_state["seen"] = []
        show = slow_work.frontend.show
        slow_work.frontend.show = lambda *each: st.session_state["seen"].append(each)
        try:
            with slow_work.waiting("Getting ready", height=40):
                st.stop()
        finally:
            slow_work.frontend.show = show

    app = AppTest.from_function(fails, default_timeout=20).run()

    assert app.session_state["seen"] == [("skeleton.html.jinja", {"height": 40})]
    assert skeletons(app) == []
    assert not app.exception


def test_running_work_can_be_stopped():
    """While it runs there are a bar and a button, which stops this very task."""
    app = opened(shares=(0.0, 0.5), breaks_off=True)
    bars = app.get("progress")
    button = app.button(key="page_count_stop")

    button.click().run()

    assert [bar.proto.value for bar in bars] == [50]
    assert button.label == "Stop"
    assert "Stopped: Counting" in texts(app)
    assert app.session_state["drawn"] == 1
    assert not app.get("progress")
    assert not app.exception


def test_stopped_work_goes_on_when_asked():
    """After a stop nothing is done until somebody asks for it."""
    app = opened(page_count_stopped=("cat", 3))
    waiting = labels(app, "button")

    app.button(key="page_count_go_on").click().run()

    assert waiting == ["Go on"]
    assert app.session_state["drawn"] == 1
    assert "Stopped" not in texts(app)
    assert not app.exception


def test_another_task_is_not_stopped():
    """What was stopped is one task, not the place."""
    app = opened(page_count_stopped=("dog", 3))

    assert app.session_state["drawn"] == 1
    assert "Stopped" not in texts(app)
    assert not app.exception

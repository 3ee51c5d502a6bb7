"""The browser's door: page, marking, sign-in and navigation. Start it with ``harmhex app``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import streamlit as st

from config.errors import BadInputError
from layers.wording import PRODUCT
from views import access, fictional, focus, frame, links, pages
from views.adopted_run import page as adopted_run
from views.first_run import guide
from views.settings import held

MARK = str(Path(__file__).parent / "views" / "harmhex.svg")

st.set_page_config(page_title=PRODUCT, page_icon=MARK, layout="wide")
with frame.plain_errors():
    st.logo(MARK, size="large")
    held.begin()
    if access.begin():
        opened = pages.navigate()
        address = opened.listed.address
        frame.restore_choices(address)
        frame.dress()
        fictional.draw()
        access.foot()
        adopted_run.divert(address, opened.pages)
        frame.say_failed()
        guide.draw(opened.pages)
        # a store that cannot be read is said by the page itself
        with frame.plain_errors(), suppress(BadInputError):
            links.follow(address)
        opened.page.run()
        with frame.plain_errors(), suppress(BadInputError):
            links.keep(address)
            links.copy_button(address)
    else:
        frame.dress()
        access.sign_in_page()
with frame.plain_errors():
    focus.keep()
    frame.keep_choices()

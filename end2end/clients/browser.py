"""A person at a browser, as far as signing in to Vitrine needs one: cookies, redirects, forms."""

import html
import re
import sys
from urllib.parse import quote, urljoin

import requests


class Browser:
    """Keeps cookies and says whose page it comes from, as browsers do."""

    def __init__(self, base, authority):
        self.base = base
        self.session = requests.Session()
        # The environment may name an authority for everybody, which would count for more than ours.
        self.session.trust_env = False
        self.session.verify = authority
        self.session.headers["Accept"] = "text/html"

    def get(self, address, **options):
        return self._send("GET", address, **options)

    def post(self, address, form, **options):
        return self._send("POST", address, data=form, **options)

    def _send(self, method, address, **options):
        address = urljoin(self.base + "/", address)
        headers = {"Sec-Fetch-Site": "same-origin"} if address.startswith(self.base) else {}
        return self.session.request(method, address, headers=headers, timeout=60, **options)

    def sign_in(self, user_name, password):
        """Signs in to the portal with user name and password."""
        page = self.get("/signin?login_hint=" + quote(user_name))
        ways = re.search(r'href="(/signin\?[^"]*way=local[^"]*)"', page.text)
        if ways:
            page = self.get(html.unescape(ways.group(1)))
        done = self.post(page.url, {"user_name": user_name, "password": password})
        assert done.ok and "/signin" not in done.url, f"{done.status_code} {done.url}"

    def finish_device(self, code):
        """Enters the code that a command line shows, and agrees."""
        page = self.get("/device?code=" + code)
        assert "Did you start this?" in page.text, page.text[-2000:]
        done = self.post("/fn/device/decide", {"code": code, "agrees": "true"})
        assert done.ok and "__err" not in done.url, f"{done.status_code} {done.url}"

    def agree(self, address):
        """Opens a program's sign-in address and agrees; answers the page behind it."""
        page = self.get(address)
        assert page.ok, f"{page.status_code} {page.text[-2000:]}"
        assert 'name="agree"' in page.text, page.text[-2000:]
        return self.post(page.url, {"agree": "yes"})

    def post_form(self, page):
        """Does what the script of a page does that posts its only form."""
        action = html.unescape(re.search(r'<form method="post" action="([^"]+)"', page.text).group(1))
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
        form = {html.unescape(name): html.unescape(value) for name, value in fields}
        return self.post(action, form)


def main():
    """Stands in for the browser that a command line opens: `browser.py BASE AUTHORITY USER_NAME PASSWORD ADDRESS`."""
    base, authority, user_name, password, address = sys.argv[1:]
    browser = Browser(base, authority)
    browser.sign_in(user_name, password)
    browser.post_form(browser.agree(address))


if __name__ == "__main__":
    main()

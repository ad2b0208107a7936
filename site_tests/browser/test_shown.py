"""What objects show of themselves, and what HTML must not be able to do."""

from playwright.sync_api import expect

OUTPUT = "#alone + .cell-output"

ATTACKS = [
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<img src='https://example.org/pixel.png'>",
    "<svg onload='window.hit = 1'><script>window.hit = 1</script></svg>",
    "<a href='javascript:window.hit = 1'>link</a>",
    "<a href='data:text/html,x'>data</a>",
    "<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
    "<style>body { display: none }</style>",
    "<p style='position: fixed; inset: 0'>over everything</p>",
    "<p class='md-overlay'>dressed up</p>",
    "<p id='alone' name='alone'>named alike</p>",
    "<form action='https://example.org'><input name=q autofocus></form>",
    "<math><mtext><table><mglyph><style><img src onerror=window.hit=1>",
    "<noscript><p title='</noscript><img src=x onerror=window.hit=1>'>",
    "<base href='https://example.org/'><meta http-equiv=refresh content=0>",
    "<details open ontoggle='window.hit = 1'>x</details>",
]

INSIDE = """(root) => [...root.querySelectorAll('*')].flatMap((node) => [
  node.tagName.toLowerCase(),
  ...[...node.attributes].map(({name, value}) => `${name}=${value}`),
])"""


def test_html_is_shown_without_what_acts_or_reaches_out(alone):
    before = alone.page.locator("body *").count()
    assert before > 0
    alone.run(
        "alone",
        "class Html:\n"
        "    def __init__(self, html): self.html = html\n"
        "    def _repr_html_(self): return self.html\n"
        "    def __repr__(self): return 'plain'\n"
        "from tutorial_kernels.page import show\n"
        f"for attack in {ATTACKS!r}: show(Html(attack))\n"
        "show(Html('<h4>A <em>table</em></h4><table><tr><td colspan=2>1"
        '</td></tr></table><a href="https://example.org/">out</a>\'))\n'
        "raise ValueError('<img src=x onerror=window.hit=1>')",
    )
    shown = alone.page.locator(f"{OUTPUT} .cell-html")
    expect(shown).to_have_count(len(ATTACKS) + 1)
    found = set()
    for at in range(len(ATTACKS)):
        found |= set(shown.nth(at).evaluate(INSIDE))
    assert found <= {
        "a",
        "details",
        "img",
        "p",
        "open=",
        "rel=noopener noreferrer nofollow",
        "target=_blank",
        "table",
        "tbody",
    }, found
    good = shown.last
    assert good.locator("td[colspan='2']").inner_text() == "1"
    assert good.locator("a").get_attribute("href") == "https://example.org/"
    alone.page.wait_for_timeout(200)
    assert alone.page.evaluate("window.hit") is None
    assert alone.page.locator("#alone").count() == 1
    assert alone.errors == []  # no violation of the policy either
    head = alone.page.locator(f"{OUTPUT} .cell-error-head")
    assert "<img src=x" in head.inner_text()
    assert alone.page.locator(f"{OUTPUT} .cell-trouble img").count() == 0


def test_tables_formulas_pictures_and_heat_maps(alone):
    alone.run(
        "alone",
        "import numpy as np\nfrom tutorial_kernels.page import show\n"
        "show({'loss': [0.5, 0.25], 'note': ['<b>', 'b']})\n"
        "class Tex:\n"
        "    def _repr_latex_(self): return r'loss $\\frac{1}{2}$'\n"
        "class Svg:\n"
        "    def _repr_svg_(self): return (\n"
        '        \'<svg xmlns="http://www.w3.org/2000/svg" width="40" \'\n'
        '        \'height="20" onload="hit=1"><script>hit=1</script></svg>\')\n'
        "    def __repr__(self): return 'a picture'\n"
        "show(Tex()); show(Svg())\n"
        "show(np.array([[-1.0, 2.0], [0.5, np.nan]]), heat=True,\n"
        "     y_label='unit', x_names=['a', 'two words'])\n",
    )
    page = alone.page
    cells = page.locator(f"{OUTPUT} .cell-html tbody tr").first.locator(
        "th, td"
    )
    expect(cells).to_have_text(["0", "0.5", "<b>"])
    expect(page.locator(f"{OUTPUT} .cell-formula mfrac")).to_have_count(1)
    picture = page.get_by_alt_text("a picture")
    assert picture.evaluate("(image) => image.naturalWidth") == 40
    field = page.get_by_role("application")
    assert "from −1 to 2, 1 values not finite" in field.get_attribute(
        "aria-label"
    )
    value = page.locator(f"{OUTPUT} .cell-heat-value")
    box = field.locator("img").bounding_box()
    # The names stand at their rows and columns, whatever the picture's size.
    row = page.locator(
        f"{OUTPUT} .cell-axes-rows text", has_text="1"
    ).bounding_box()
    assert abs(row["y"] + row["height"] / 2 - box["y"] - 60) < 4
    name = page.locator(f"{OUTPUT} text", has_text="two words").bounding_box()
    assert abs(name["x"] + name["width"] / 2 - box["x"] - 60) < 4
    assert name["height"] > name["width"]  # upright
    page.mouse.move(box["x"] + 50, box["y"] + 10)
    expect(value).to_have_text("unit 0, column two words: 2")
    field.press("ArrowDown")
    field.press("Home")
    expect(value).to_have_text("unit 1, column a: 0.5")
    field.press("End")
    expect(value).to_have_text("unit 1, column two words: not finite")

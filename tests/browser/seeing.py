"""What eyes (and their helpers) need, measured in the page: contrast and room."""

from typing import Any

from playwright.sync_api import Locator, Page

# WCAG 2.1, 1.4.3: text up to 24 px.
READABLE = 4.5

_CONTRASTS = """(root) => {
    const channels = (color) => {
        const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
        return { rgb: [r, g, b], a };
    };
    const luminance = (rgb) => {
        const [r, g, b] = rgb.map((n) => (n <= 10 ? n / 3294 : ((n / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (node) => {
        for (let one = node; one; one = one.parentElement ?? one.getRootNode().host) {
            const { rgb, a } = channels(getComputedStyle(one).backgroundColor);
            if (a === 1) return rgb;
        }
        return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
    };
    const found = [];
    const look = (node, text, style) => {
        const [light, dark] = [luminance(channels(style.color).rgb), luminance(behind(node))].sort((a, b) => b - a);
        found.push({ text, ratio: (light + 0.05) / (dark + 0.05) });
    };
    for (const node of [root, ...root.querySelectorAll('*')]) {
        if (!node.checkVisibility() || node.closest('svg')) continue;
        const text = [...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data.trim()).join(' ');
        if (text.trim()) look(node, text, getComputedStyle(node));
        if (node.placeholder) look(node, node.placeholder, getComputedStyle(node, '::placeholder'));
    }
    return found;
}"""


def hard_to_read(root: Locator) -> list[dict[str, Any]]:
    """The texts inside an element whose contrast is below WCAG AA."""
    found: list[dict[str, Any]] = root.evaluate(_CONTRASTS)
    assert found, "there is no text to look at"
    return [one for one in found if one["ratio"] < READABLE]


def scrolls_sideways(page: Page) -> bool:
    """Whether anything is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))

"""Pictures of bench/run as SVG, without a library: bars of ratios, and lines of cost over size."""
from html import escape

WIDTH, BAR, LEFT, TOP = 760, 20, 330, 40
COLOURS = ("#2f6db3", "#c8553d", "#3b8a5a")


def text(x, y, words, size=12, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'


def page(height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">'
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>{"".join(parts)}</svg>\n')


def short(size):
    """1,562, 25k, 1M"""
    return f"{size:,}" if size < 10_000 else f"{size / 1e3:.0f}k" if size < 1_000_000 else f"{size / 1e6:.0f}M"


def bars(title, figures):
    """figures: name -> number; each a bar from 0, with a line at 1."""
    if not figures:
        return page(TOP, [text(10, 24, title, 15)])
    scale = (WIDTH - LEFT - 70) / max(1.0, *figures.values())
    parts = [text(10, 24, title, 15)]
    for number, (name, value) in enumerate(figures.items()):
        y = TOP + number * BAR
        parts += [text(LEFT - 8, y + 14, name, 11, "end"), text(LEFT + value * scale + 6, y + 14, f"{value:.1f}", 11),
                  f'<rect x="{LEFT}" y="{y + 3}" width="{value * scale:.1f}" height="{BAR - 6}" fill="{COLOURS[0]}"/>']
    bottom = TOP + len(figures) * BAR
    one = LEFT + scale
    parts.append(f'<line x1="{one:.1f}" x2="{one:.1f}" y1="{TOP}" y2="{bottom}" stroke="{COLOURS[1]}" '
                 'stroke-dasharray="4 3"/>')
    return page(bottom + 16, parts)


def lines(title, series):
    """series: name -> [(size, cost)]; each drawn beside the others, its cost against that of its first size."""
    height, gap = 300, 30
    width = (WIDTH - gap * (len(series) + 1)) / max(1, len(series))
    most = max([1.2] + [cost / points[0][1] for points in series.values() for _, cost in points]) * 1.05
    parts = [text(10, 24, title, 15)]
    for number, (name, points) in enumerate(series.items()):
        left, bottom = gap + number * (width + gap), height - 50
        place = [(left + i * width / max(1, len(points) - 1), bottom - (bottom - TOP - 20) * cost / points[0][1] / most)
                 for i, (_, cost) in enumerate(points)]
        level = bottom - (bottom - TOP - 20) / most
        parts += [f'<line x1="{left}" x2="{left + width:.1f}" y1="{bottom}" y2="{bottom}" stroke="#888"/>',
                  f'<line x1="{left}" x2="{left + width:.1f}" y1="{level:.1f}" y2="{level:.1f}" stroke="#bbb" '
                  'stroke-dasharray="4 3"/>',
                  f'<polyline fill="none" stroke="{COLOURS[number % 3]}" stroke-width="2" points="'
                  + " ".join(f"{x:.1f},{y:.1f}" for x, y in place) + '"/>', text(left, height - 10, name, 11)]
        for (x, y), (size, cost) in zip(place, points):
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[number % 3]}"/>',
                      text(x, bottom + 16, short(size), 9, "middle"),
                      text(x, y - 8, f"{cost / points[0][1]:.2f}", 9, "middle")]
    return page(height, parts)

"""The ratios as a chart: a bar for each, a mark at its goal."""
from html import escape

WIDTH, LABELS, LINE, TOP, RIGHT = 980, 430, 20, 60, 110
STYLE = '''<style>text{font:12px sans-serif;fill:#222}.head{font-weight:bold}.small{font-size:11px;fill:#666}
.yes{fill:#2a7f62}.no{fill:#c2693d}.plain{fill:#8d8d8d}.goal{stroke:#222;stroke-width:2}.one{stroke:#bbb;stroke-dasharray:3 3}
@media(prefers-color-scheme:dark){text{fill:#ddd}.small{fill:#aaa}.goal{stroke:#eee}.one{stroke:#555}}</style>'''


def items(report):
    """Heads and rows, in order; only what is more the better."""
    shown, table = [], None
    for row in report['rows']:
        if not row['is_ratio'] or row['unit'] != 'requests/s' or row['value'] is None: continue
        if row['table'] != table: shown.append(row['table'])
        table = row['table']
        shown.append(row)
    return shown


def svg(report):
    shown = items(report)
    rows = [item for item in shown if not isinstance(item, str)]
    greatest = max([1.0] + [max(row['value'], row['goal'] or 0) for row in rows])
    height = TOP + LINE * len(shown) + 20
    scale = (WIDTH - LABELS - RIGHT) / greatest
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
             f'aria-label="Requests a second of Torc as ratios to others">', STYLE,
             '<text x="10" y="20" class="head">Requests a second, as a ratio; the mark is the goal</text>',
             f'<text x="10" y="38" class="small">{escape(subtitle(report))}</text>']
    one = LABELS + scale
    parts.append(f'<line x1="{one:.1f}" y1="{TOP - 8}" x2="{one:.1f}" y2="{height - 16}" class="one"/>')
    for index, item in enumerate(shown): parts += draw(item, TOP + LINE * index, scale)
    return '\n'.join(parts + ['</svg>', ''])


def subtitle(report):
    machine = report['machine']
    short = ', a short run: no measurement' if report['short'] else ''
    return f'{machine["cpu"]}, {machine["cores"]} cores, {machine["date"]}, commit {report["versions"]["commit"]}{short}'


def draw(item, y, scale):
    if isinstance(item, str): return [f'<text x="10" y="{y + 13}" class="head">{escape(item)}</text>']
    goal, width = LABELS + (item['goal'] or 0) * scale, max(1.0, item['value'] * scale)
    name = {True: 'yes', False: 'no', None: 'plain'}[item['reached']]
    mark = f'<line x1="{goal:.1f}" y1="{y + 1}" x2="{goal:.1f}" y2="{y + LINE - 2}" class="goal"/>' if item['goal'] else ''
    return [f'<text x="24" y="{y + 13}">{escape(item["what"])}</text>',
            f'<rect x="{LABELS}" y="{y + 3}" width="{width:.1f}" height="{LINE - 7}" class="{name}"/>', mark,
            f'<text x="{max(LABELS + width, goal) + 6:.1f}" y="{y + 13}">{item["value"]:.2f}</text>']

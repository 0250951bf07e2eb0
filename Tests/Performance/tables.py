"""The report as Markdown: the part of docs/performance.md between two marks."""
import os

BEGIN, END = '<!-- begin of what scripts/bench wrote -->', '<!-- end of what scripts/bench wrote -->'
PAGE = f'# Performance\n\n{BEGIN}\n{END}\n'


def number(value, unit='', is_ratio=False):
    if value is None: return '–'
    if is_ratio: return f'{value:.2f}'
    if unit in ('requests/s', 'ns a request', 'B'): return f'{value:,.0f}'
    return f'{value:.2f}'


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def absolute(row, values):
    return number(median(values), row['unit']) if values else '–'


def line(row):
    goal = '–' if row['goal'] is None else f'{row["sign"]} {number(row["goal"], row["unit"], row["is_ratio"])}'
    value = number(row['value'], row['unit'], row['is_ratio'])
    spread = '–' if row['value'] is None else ' … '.join(
        number(row[end], row['unit'], row['is_ratio']) for end in ('least', 'greatest'))
    verdict = {True: 'reached', False: '**not reached**', None: '–'}[row['reached']]
    if row['value'] is None: verdict = f'not measured: {row["note"]}'
    elif row['note']: verdict += f' ({row["note"]})'
    cells = [row['what'], value, spread, goal, verdict]
    if row['is_ratio']: cells[1:1] = [f'{absolute(row, row["ours"])} ÷ {absolute(row, row["theirs"])} {row["unit"]}']
    else: cells[1] += f' {row["unit"]}'
    return '| ' + ' | '.join(cells) + ' |'


def head(rows):
    names = ['', 'median', 'spread', 'goal', '']
    if rows[0]['is_ratio']: names = ['', 'medians', 'ratio', 'spread', 'goal', '']
    return ['| ' + ' | '.join(names) + ' |', '|' + '---|' * len(names)]


def runs(rounds): return 'One run' if rounds == 1 else f'Medians of {rounds} interleaved runs'


def about(report):
    machine, versions = report['machine'], report['versions']
    commit = versions['commit'] + (' with changes' if versions['changed'] else '')
    lines = [f'Measured on {machine["date"]} on {machine["cpu"]}, {machine["cores"]} cores, Linux {machine["kernel"]}, which had a '
             f'load of {machine["load_before"]} before it began; {versions["torc"]}, commit {commit}, redis-server '
             f'{versions["redis"]}, etcd {versions["etcd"] or "not installed"}. {runs(report["rounds"])} of '
             f'{report["seconds"]} s, {report["keys"]:,} keys, 50 connections, values of 100 B.']
    if report['short']:
        lines += ['', '**This was a short run** (`scripts/bench -short`): it shows that the script works. Its numbers are no '
                  'measurement: run `scripts/bench` on a machine that does nothing else.']
    done = [row for row in report['rows'] if row['reached'] is not None]
    if report['failures']: lines += ['', '**Not measured**, since it failed: ' + '; '.join(report['failures']) + '.']
    lines += ['', f'{sum(row["reached"] for row in done)} of {len(done)} goals are reached.']
    return lines


def lines(report):
    result, names = about(report), []
    for row in report['rows']:
        if row['table'] not in names: names.append(row['table'])
    for name in names:
        rows = [row for row in report['rows'] if row['table'] == name]
        result += ['', f'### {name}', '', *head(rows), *map(line, rows)]
    return result


def write(path, report):
    page = PAGE
    if os.path.exists(path):
        with open(path) as file: page = file.read()
    before, rest = page.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    with open(path, 'w') as file: file.write('\n'.join([before + BEGIN, *lines(report), END + after]))

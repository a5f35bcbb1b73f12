'use strict';
// Draws the figures of the page with ECharts, in the colours of its style; again when those change.
(() => {
  const figures = JSON.parse(document.getElementById('figures').textContent);
  const plots = [...document.querySelectorAll('.plot')].map(box => ({
    box,
    figure: figures[box.dataset.figure],
    chart: echarts.init(box, null, { renderer: 'svg' }),
  }));

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    const value = name => style.getPropertyValue(name).trim();
    return {
      font: getComputedStyle(document.body).fontFamily,
      ink: value('--ink'), soft: value('--soft'), line: value('--line'), paper: value('--paper'),
      series: [...Array(8).keys()].map(i => value('--c' + i)),
    };
  };

  const digits = v => {
    if (v === 0) return '0';
    const size = Math.abs(v);
    if (size >= 1e6) return +(v / 1e6).toPrecision(4) + 'M';
    if (size >= 1e4) return +(v / 1e3).toPrecision(4) + 'k';
    return size < 1e-3 ? (+v.toPrecision(3)).toExponential() : String(+v.toPrecision(4));
  };
  const shown = axis => axis.percent ? v => +(100 * v).toPrecision(4) + ' %' : digits;
  // A name may hold anything; what ECharts puts into a tooltip is markup.
  const text = s => echarts.format.encodeHTML(String(s));

  function axis(spec, c, across, width) {
    const common = {
      name: spec.name,
      nameLocation: across ? 'middle' : 'end',
      nameGap: across ? 28 : 10,
      nameTextStyle: { color: c.soft, fontSize: 12, align: across ? 'center' : 'left', padding: across ? 0 : [0, 0, 0, -8] },
      axisLine: { show: across, onZero: false, lineStyle: { color: c.line } },
      axisTick: { show: false },
      axisLabel: { color: c.soft, fontSize: 12, hideOverlap: true, showMinLabel: spec.log ? false : undefined, showMaxLabel: spec.log || across && !spec.categories ? false : undefined, formatter: spec.categories ? undefined : shown(spec) },
      splitLine: { show: !across, lineStyle: { color: c.line } },
      minorSplitLine: { show: false },
    };
    if (spec.categories) {
      const rows = spec.categories.map(name => name.split('\n'));
      const longest = lines => 6.5 * Math.max(...lines.map(line => line.length));
      const crowded = rows.reduce((sum, lines) => sum + longest(lines) + 8, 0) > 0.9 * width;
      const data = crowded ? rows.map(lines => lines.join(', ')) : spec.categories;
      const depth = crowded ? 0.8 * longest(data) : 15 * Math.max(...rows.map(lines => lines.length));
      return { ...common, type: 'category', data, nameGap: Math.min(120, 13 + depth),
        axisLabel: { ...common.axisLabel, hideOverlap: false, interval: 0, lineHeight: 15, rotate: crowded ? 50 : 0, width: crowded ? 140 : undefined, overflow: crowded ? 'truncate' : 'none' } };
    }
    return { ...common, type: spec.log ? 'log' : 'value', scale: !spec.hasBars,
      minInterval: spec.values.every(Number.isInteger) ? 1 : 0,
      ...(spec.log ? extent(spec) : across ? { min: Math.min(0, ...spec.values), max: 'dataMax' } : {}) };
  }

  // ECharts ends a log axis at whole powers, which leaves most of it empty: end it near the data.
  function extent(spec) {
    const values = spec.values.filter(v => v > 0);
    if (values.length === 0) return {};
    const low = Math.min(...values), high = Math.max(...values);
    const room = high > low ? (high / low) ** 0.06 : 2;
    // Powers of two where there would be hardly one of ten, and for sizes that are such powers.
    const binary = high < 100 * low || spec.drawn.every(v => Number.isInteger(Math.log2(v)));
    return { min: low / room, max: high * room, logBase: binary ? 2 : 10 };
  }

  function lines(series, c) {
    const colour = series.colour < 0 ? c.soft : c.series[series.colour % c.series.length];
    const base = { name: series.name, type: 'line', data: series.points, color: colour, animation: false,
      showSymbol: series.points.length <= 30, symbol: 'circle', symbolSize: 5, z: 3 };
    switch (series.style) {
      case 'faint': return [{ ...base, showSymbol: false, silent: true, z: 2, lineStyle: { width: 1, opacity: 0.35 } }];
      case 'dashed': return [{ ...base, showSymbol: false, silent: true, z: 2, lineStyle: { width: 1.25, type: 'dashed' } }];
      case 'points': return [{ ...base, type: 'scatter', symbolSize: 7, itemStyle: { opacity: 0.8 } }];
      case 'dash': return [{ ...base, type: 'scatter', symbol: 'rect', symbolSize: [26, 3], itemStyle: { opacity: 1 } }];
      case 'stack': return [{ ...base, type: 'bar', stack: 'all', barMaxWidth: 44 }];
      case 'bars': return [{ ...base, type: 'bar', barMaxWidth: 44, barGap: '-100%', itemStyle: { opacity: 0.55 } }];
      default: return [{ ...base, lineStyle: { width: 2 } }];
    }
  }

  function option(figure, c, width) {
    const drawn = figure.series.filter(s => s.style === 'line').flatMap(s => s.points.map(p => p[0]));
    const xs = figure.series.flatMap(s => s.points.map(p => p[0])).concat(figure.marks.map(m => m.x));
    const ys = figure.series.flatMap(s => s.points.map(p => p[1]));
    const all = figure.series.flatMap(s => lines(s, c));
    const named = [...new Set(figure.series.filter(s => s.name).map(s => s.name))];
    if (figure.marks.length > 0) {
      all[0].markLine = {
        symbol: 'none', silent: true, lineStyle: { color: c.soft, width: 1, type: 'dotted' },
        data: figure.marks.map((mark, i) => ({ xAxis: mark.x, label: {
          formatter: () => mark.name, color: c.soft, fontSize: 11, rotate: 0,
          position: 'insideEndTop', distance: [0, -14 * i], align: i % 2 ? 'left' : 'right' } })),
      };
    }
    const legend = named.length > 1;
    // As many rows as ECharts will need for the legend; more than three scroll in one.
    const rows = legend ? Math.ceil(named.reduce((sum, name) => sum + 34 + 6.6 * name.length, 0) / width) : 0;
    const row = rows > 3 ? 1 : rows;
    const y = shown(figure.y), x = figure.x.categories ? v => v : shown(figure.x);
    return {
      animation: false,
      // By its name: ECharts could not measure the words of a font that is inherited.
      textStyle: { fontFamily: c.font, color: c.ink },
      legend: { show: legend, data: named, top: 0, left: 0, itemWidth: 14, itemHeight: 8, itemGap: 14,
        type: rows > 3 ? 'scroll' : 'plain', textStyle: { color: c.soft, fontSize: 12 } },
      grid: { left: 4, right: 18, top: 30 + row * 22, bottom: figure.x.categories ? 46 : 30, containLabel: true },
      tooltip: {
        trigger: all.every(s => s.type === 'scatter') ? 'item' : 'axis', confine: true,
        backgroundColor: c.paper, borderColor: c.line, textStyle: { color: c.ink, fontSize: 12 },
        formatter: hits => {
          const list = [hits].flat().filter(h => h.seriesName && named.includes(h.seriesName) && h.value !== undefined);
          if (list.length === 0) return '';
          const value = h => Array.isArray(h.value) ? h.value[1] : h.value;
          const first = list[0];
          return text(figure.x.name) + ' ' + text(figure.x.categories ? first.name : x(first.value[0]))
            + list.map(h => '<br>' + h.marker + text(h.seriesName) + ' ' + text(y(value(h)))).join('');
        },
      },
      xAxis: axis({ ...figure.x, values: xs, drawn }, c, true, width),
      yAxis: axis({ ...figure.y, values: ys, drawn: ys, hasBars: figure.series.some(s => s.style === 'bars' || s.style === 'stack') }, c, false, width),
      series: all,
    };
  }

  const draw = () => {
    const c = colours();
    for (const { box, figure, chart } of plots) {
      chart.setOption(option(figure, c, box.clientWidth), true);
    }
  };
  const resize = () => {
    if (!matchMedia('print').matches) plots.forEach(({ chart }) => chart.resize());
    draw();
  };
  draw();
  addEventListener('resize', resize);
  for (const query of ['(prefers-color-scheme: dark)', 'print']) {
    matchMedia(query).addEventListener('change', draw);
  }
  addEventListener('beforeprint', draw);
})();

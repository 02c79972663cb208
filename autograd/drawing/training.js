(function () {
  'use strict';
  const main = document.querySelector('main'), pid = main.dataset.picture;
  const data = JSON.parse(document.querySelector('script[type="application/json"]').textContent);
  const q = s => main.querySelector(s), by = key => document.getElementById(pid + '-' + key);
  const last = data.losses.length - 1;
  let now = -1, timer = null;

  function el(tag, text, kind) {
    const e = document.createElement(tag);
    if (text !== undefined) e.textContent = text;
    if (kind) e.className = kind;
    return e;
  }
  // The cells of a card's heat maps: first those of the value, then those of the gradient.
  const maps = {};
  for (const k in data.columns) {
    const c = data.columns[k];
    if (c.hv) maps[k] = [...by(k).querySelectorAll('polygon')].filter(p => data.heat.includes((p.getAttribute('fill') || '').toLowerCase()));
  }
  function shade(cells, from, steps) {
    for (let i = 0; i < steps.length; i++) if (cells[from + i]) { cells[from + i].setAttribute('fill', data.heat[+steps[i]]); }
  }

  const head = q('thead').insertRow();
  for (const [t, c] of [['weight', ''], ['value', 'num'], ['gradient', 'num'], ['since the start', 'num']]) head.append(el('th', t, c));
  const rows = data.weights.map(k => {
    const r = q('tbody').insertRow();
    r.append(el('td', data.names[k]), el('td', '', 'num'), el('td', '', 'num'), el('td', '', 'num'));
    return [k, r];
  });
  q('caption').textContent = 'weights at this frame';

  function show(k, quiet) {
    k = Math.max(0, Math.min(last, k));
    if (k === now) return;
    now = k;
    for (const key in data.columns) {
      const c = data.columns[key], g = by(key);
      if (!g) continue;
      const v = g.querySelector('text.va'), d = g.querySelector('text.gr');
      if (v) v.textContent = c.v[k];
      if (d) d.textContent = c.g[k];
      if (maps[key]) { shade(maps[key], 0, c.hv[k]); shade(maps[key], c.hv[k].length, c.hg[k]); }
    }
    for (const [key, r] of rows) {
      const c = data.columns[key];
      r.cells[1].textContent = c.v[k];
      r.cells[2].textContent = c.g[k];
      r.cells[3].textContent = c.v[0] + ' → ' + c.v[k];
    }
    const slider = q('input');
    slider.value = k;
    slider.setAttribute('aria-valuetext', 'frame ' + k + ' of ' + last + ', loss ' + data.shown[k]);
    q('.pos').textContent = k + ' / ' + last;
    q('.link').href = '#step=' + k;
    q('.here').textContent = data.shown[k];
    const x = 8 + 404 * k / Math.max(last, 1), line = q('.cursor');
    line.setAttribute('x1', x); line.setAttribute('x2', x);
    q('.eq').replaceChildren(el('h2', 'frame ' + k), el('div', 'loss ' + data.shown[k]));
    if (!quiet) try { history.replaceState(null, '', '#step=' + k); } catch (e) { /* a page inside a notebook has no address */ }
  }

  function play() {
    const button = q('.play');
    if (timer) { clearInterval(timer); timer = null; }
    else {
      if (now >= last) show(0);
      timer = setInterval(() => { if (now >= last) play(); else show(now + 1); }, Math.max(60, Math.min(400, 12000 / (last + 1))));
    }
    button.setAttribute('aria-pressed', String(!!timer));
    button.textContent = timer ? '❚❚ pause' : '▶ play';
  }
  q('.first').onclick = () => show(0);
  q('.prev').onclick = () => show(now - 1);
  q('.next').onclick = () => show(now + 1);
  q('.last').onclick = () => show(last);
  q('.play').onclick = play;
  q('input').oninput = e => show(+e.target.value);
  q('.keys').textContent = '← → frame · Home End first and last · space plays';
  document.addEventListener('keydown', e => {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const move = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (move) show(now + move);
    else if (e.key === 'Home') show(0);
    else if (e.key === 'End') show(last);
    else if (e.key === ' ' && !(e.target.closest && e.target.closest('button'))) play();
    else return;
    e.preventDefault();
  });
  const asked = () => +(location.hash.match(/step=(\d+)/) || [0, 0])[1];
  window.addEventListener('hashchange', () => show(asked()));
  const svg = q('.stage svg');
  if (svg.viewBox.baseVal.width < 2800) svg.classList.add('fits');
  show(asked(), true);
})();

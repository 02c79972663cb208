(function () {
  'use strict';
  const main = document.querySelector('main'), pid = main.dataset.picture;
  const data = JSON.parse(document.querySelector('script[type="application/json"]').textContent);
  const steps = data.steps, cards = data.cards;
  const q = s => main.querySelector(s), by = key => document.getElementById(pid + '-' + key);
  const nodes = [...main.querySelectorAll('svg g.node')], edges = [...main.querySelectorAll('svg g.edge')];
  const key = e => e.id.slice(pid.length + 1);
  let now = -1, timer = null, chosen = null;

  function el(tag, text, kind) {
    const e = document.createElement(tag);
    if (text !== undefined) e.textContent = text;
    if (kind) e.className = kind;
    return e;
  }
  // What a card shows when the pass is over; a constant and a folded card never change.
  const final = new Map(nodes.map(e => [e, (e.querySelector('text.gr') || {}).textContent]));
  const fixed = e => !cards[key(e)] || cards[key(e)].fixed;

  function sentence(to, m) {
    const line = el('div');
    line.append(to + '.grad: ' + m.b + ' + ');
    if (m.lv) { line.append(el('span', m.up, 'g'), ' × ' + m.sym + (m.fo === '1' ? '' : ' (' + m.fo + ')') + ' = ' + m.up + ' × ' + m.lv + ' = '); }
    else { line.append(m.fo + ' = '); }
    line.append(el('span', m.c, 'g'), ', now ', el('b', m.a, 'g'));
    return line;
  }

  function show(k, quiet) {
    k = Math.max(0, Math.min(steps.length - 1, k));
    if (k === now) return;
    now = k;
    for (const e of nodes) {
      e.classList.remove('now', 'recv');
      e.classList.add('pending');
      const t = e.querySelector('text.gr');
      if (t && !fixed(e)) t.textContent = '0';
    }
    for (const e of edges) { e.classList.remove('active'); e.classList.add('pending'); }
    for (let j = 0; j <= k; j++) {
      const s = steps[j], g = by(s.node);
      if (g) g.classList.remove('pending');
      for (const m of s.sends) {
        const t = by(m.to), text = t && t.querySelector('text.gr');
        if (t) t.classList.remove('pending');
        if (text && m.a !== undefined && !fixed(t)) text.textContent = j === k && m.edge ? m.b + ' → ' + m.a : m.a;
        const e = m.edge && by(m.edge);
        if (e) e.classList.remove('pending');
        if (j === k && m.edge) { if (e) e.classList.add('active'); if (t) t.classList.add('recv'); }
      }
    }
    // Two sends to one card in a step (x × x): from the first before to the last after.
    const last = {};
    for (const m of steps[k].sends) if (m.edge && m.a !== undefined) last[m.to] = { b: (last[m.to] || m).b, a: m.a };
    for (const to in last) { const t = by(to), x = t && t.querySelector('text.gr'); if (x && !fixed(t)) x.textContent = last[to].b + ' → ' + last[to].a; }
    const here = by(steps[k].node);
    if (here) { here.classList.remove('recv'); here.classList.add('now'); follow(here); }
    const slider = q('input');
    slider.value = k;
    slider.setAttribute('aria-valuetext', 'step ' + k + ' of ' + (steps.length - 1) + ': ' + steps[k].title);
    q('.pos').textContent = k + ' / ' + (steps.length - 1);
    q('.link').href = '#step=' + k;
    const eq = q('.eq');
    eq.replaceChildren(el('h2', 'step ' + k + '   ' + steps[k].title));
    for (const m of steps[k].sends) if (m.c !== undefined) eq.append(sentence(m.name, m));
    if (k === 0) eq.append(el('div', '∂' + data.root + '/∂' + data.root + ' = ' + steps[0].up + ': the pass starts here'));
    for (const r of q('tbody').rows) { r.removeAttribute('aria-current'); }
    const row = q('tbody').rows[k];
    row.setAttribute('aria-current', 'step');
    const box = q('.table');
    if (row.offsetTop < box.scrollTop || row.offsetTop + row.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = row.offsetTop - box.clientHeight / 2;
    if (!quiet) try { history.replaceState(null, '', '#step=' + k); } catch (e) { /* a page inside a notebook has no address */ }
  }

  // Scroll the picture, not the page: the controls stay where they are.
  function follow(e) {
    const stage = q('.stage'), s = stage.getBoundingClientRect(), b = e.getBoundingClientRect();
    if (b.top < s.top || b.bottom > s.bottom) stage.scrollTop += (b.top + b.bottom - s.top - s.bottom) / 2;
    if (b.left < s.left || b.right > s.right) stage.scrollLeft += (b.left + b.right - s.left - s.right) / 2;
  }

  function choose(e) {
    if (chosen) chosen.classList.remove('chosen');
    const panel = q('section.node');
    if (chosen === e) { chosen = null; panel.hidden = true; return; }
    chosen = e;
    e.classList.add('chosen');
    const c = cards[key(e)];
    panel.hidden = false;
    panel.replaceChildren(el('h2', c.title), ...c.text.map(t => el('div', t)));
    const parts = [];
    steps.forEach((s, j) => s.sends.forEach(m => { if (m.to === key(e) && m.c !== undefined) parts.push([j, s, m]); }));
    if (!parts.length) return;
    const name = parts[0][2].name;
    panel.append(el('div', '∂' + data.root + '/∂' + name + ' =', 'm'));
    for (const [j, s, m] of parts) {
      const line = el('div', '  ' + (m === parts[0][2] ? '  ' : '+ '));
      line.append((m.lv ? m.up + ' × ' + m.sym + ' (' + m.lv + ')' : m.fo) + ' = ', el('span', m.c, 'g'));
      const a = el('a', 'step ' + j);
      a.href = '#step=' + j;
      line.append('  ', a);
      panel.append(line);
    }
    panel.append(el('div', '  = ' + parts[parts.length - 1][2].a, 'g'));
  }

  function play() {
    const button = q('.play');
    if (timer) { clearInterval(timer); timer = null; }
    else {
      if (now >= steps.length - 1) show(0);
      timer = setInterval(() => { if (now >= steps.length - 1) play(); else show(now + 1); }, 1100);
    }
    button.setAttribute('aria-pressed', String(!!timer));
    button.textContent = timer ? '❚❚ pause' : '▶ play';
  }

  const head = q('thead').insertRow();
  for (const [t, c] of [['step', ''], ['node', ''], ['gradient', 'num'], ['sends', '']]) head.append(el('th', t, c));
  steps.forEach((s, k) => {
    const r = q('tbody').insertRow();
    r.tabIndex = -1;
    r.append(el('td', String(k)), el('td', s.title), el('td', s.up, 'num'),
      el('td', k === 0 ? '' : s.sends.map(m => m.name + (m.c !== undefined ? ' ' + m.c : '')).slice(0, 6).join(', ') + (s.sends.length > 6 ? ', …' : '')));
    r.addEventListener('click', () => show(k));
  });
  for (const e of nodes) {
    if (!cards[key(e)]) continue;
    e.setAttribute('tabindex', '0');
    e.setAttribute('role', 'button');
    e.addEventListener('click', () => choose(e));
    e.addEventListener('keydown', v => { if (v.key === 'Enter') { choose(e); v.preventDefault(); } });
  }
  q('.first').onclick = () => show(0);
  q('.prev').onclick = () => show(now - 1);
  q('.next').onclick = () => show(now + 1);
  q('.last').onclick = () => show(steps.length - 1);
  q('.play').onclick = play;
  q('input').oninput = e => show(+e.target.value);
  document.addEventListener('keydown', e => {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const move = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (move) show(now + move);
    else if (e.key === 'Home') show(0);
    else if (e.key === 'End') show(steps.length - 1);
    else if (e.key === ' ' && !(e.target.closest && e.target.closest('button'))) play();
    else return;
    e.preventDefault();
  });
  const asked = () => +(location.hash.match(/step=(\d+)/) || [0, q('input').defaultValue])[1];
  window.addEventListener('hashchange', () => show(asked()));
  const svg = q('svg');
  if (svg.viewBox.baseVal.width < 2800) svg.classList.add('fits');
  window.addEventListener('beforeprint', () => { for (const [e, t] of final) { const x = e.querySelector('text.gr'); if (x && t !== undefined) x.textContent = t; } });
  window.addEventListener('afterprint', () => { const k = now; now = -1; show(k, true); });
  show(asked(), true);
})();

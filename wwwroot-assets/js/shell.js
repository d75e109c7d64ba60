// The shell's ear to the browser: colours, keys, dialogs, and what lies between the first page and its circuit.
(() => {
  // The component library's script and sheet are large and hardly a page needs them: they come when one of its components is to be drawn.
  const libraryTheme = document.createElement('link');
  const follow = () => { libraryTheme.href = libraryTheme.dataset[document.documentElement.dataset.theme]; };
  const loaded = part => new Promise((done, fail) => { part.onload = done; part.onerror = fail; document.head.append(part); });
  let library;
  window.catalogizer = {
    // The dialog is null when an update has removed its element.
    openDialog: dialog => dialog?.showModal(),
    closeDialog: dialog => dialog?.close(),
    showProblem: () => {
      const problem = document.querySelector('.content :is(.field-error, .notice-danger)');
      problem?.closest('.field')?.querySelector('input:not([type=radio]), select')?.focus({ preventScroll: true });
      problem?.scrollIntoView({ block: 'center', behavior: 'instant' });
    },
    useLibrary: (script, light, dark) => library ??= (() => {
      libraryTheme.rel = 'stylesheet';
      Object.assign(libraryTheme.dataset, { light, dark });
      follow();
      document.head.prepend(libraryTheme);   // ours come later, and win
      return Promise.all([loaded(Object.assign(document.createElement('script'), { src: script })), new Promise(done => { libraryTheme.onload = libraryTheme.onerror = done; })]).then(() => true);
    })(),
  };

  const useTheme = theme => {
    document.cookie = `catalogizer-theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    document.documentElement.dataset.theme = theme === 'material-dark' ? 'dark' : 'light';
    if (library) follow();
  };

  // Keys: to the search, to what keys there are, and from work to work.
  const works = ['.card-link', '.row-title > a', '.parts a'];
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const show = id => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); };

  // The next work that way: beside it in the order of the page, or the nearest one in the row above or below.
  const next = (from, [x, y]) => {
    const all = [...document.querySelectorAll(works.find(w => from.matches(w)))];
    if (x) return all[all.indexOf(from) + x];
    const here = from.getBoundingClientRect();
    const apart = r => (y > 0 ? r.top - here.bottom : here.top - r.bottom);
    return all.map(a => [a, a.getBoundingClientRect()]).filter(([, r]) => apart(r) > -2)
      .sort(([, a], [, b]) => (apart(a) - apart(b)) * 10 + Math.abs(a.left - here.left) - Math.abs(b.left - here.left))[0]?.[0];
  };

  // The next row may not be drawn yet: scrolled to, it is in a moment.
  const walk = async (from, way) => {
    let to = next(from, way);
    if (!to && way[1]) scrollBy({ top: way[1] * from.offsetHeight, behavior: 'instant' });
    for (let frame = 0; !to && way[1] && frame < 40 && document.activeElement === from; frame++) {
      await new Promise(requestAnimationFrame);
      to = next(from, way);
    }
    to?.focus({ preventScroll: true });
    to?.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
  };

  addEventListener('keydown', e => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.('input, textarea, select, dialog[open], [popover]:popover-open')) return;
    const search = document.getElementById('search');
    if (e.key === '/' && search) {
      e.preventDefault();
      search.focus();
      search.select();
    } else if (e.key === '?') {
      show('keys');
    } else if (arrows[e.key] && works.some(w => e.target.matches?.(w))) {
      e.preventDefault();
      walk(e.target, arrows[e.key]);
    }
  });

  // The circuit draws the page anew: what was typed into the search before, and whether it had the focus, goes into the new box.
  addEventListener('DOMContentLoaded', () => {
    const first = document.getElementById('search');
    if (!first) return;
    let focused = document.activeElement === first;
    first.addEventListener('focus', () => { focused = true; });
    first.addEventListener('blur', () => setTimeout(() => { focused = focused && !first.isConnected; }));   // the box that goes loses it too
    const watch = new MutationObserver(() => {
      const box = document.getElementById('search');
      if (!box || box === first) return;
      watch.disconnect();
      if (focused && document.activeElement === document.body) {
        box.focus();
      }
      if (first.value !== first.defaultValue) {
        box.value = first.value;
        box.setSelectionRange(first.selectionStart, first.selectionEnd);
        box.dispatchEvent(new Event('input', { bubbles: true }));
      }
    });
    watch.observe(document.body, { childList: true, subtree: true });
  });

  // A cover that cannot be fetched gives way to the drawn one below it.
  document.querySelectorAll('.art-poster').forEach(cover => { if (cover.complete && !cover.naturalWidth) cover.remove(); });
  addEventListener('error', e => { if (e.target.matches?.('.art-poster')) e.target.remove(); }, true);

  addEventListener('click', async e => {
    const theme = e.target.closest?.('[data-theme-to]')?.dataset.themeTo;
    if (theme) useTheme(theme);
    if (e.target.closest?.('.nav-more a')) document.getElementById('nav-more').hidePopover();
    const { opens, closes } = e.target.closest?.('[data-opens], [data-closes]')?.dataset ?? {};
    if (opens) show(opens);
    if (closes) document.getElementById(closes).close();
    const copied = e.target.closest?.('[data-copies]')?.parentElement;
    if (copied) {
      const text = copied.querySelector('input');
      text.select();
      // Pages without HTTPS have no clipboard of the first kind.
      const isCopied = await (navigator.clipboard?.writeText(text.value).then(() => true, () => false)) || document.execCommand('copy');
      copied.querySelector('[role=status]').textContent = isCopied ? 'Copied' : 'Press Ctrl+C to copy';
    }
    const wanted = e.target.closest?.('[data-reconnect]')?.dataset.reconnect;
    if (wanted === 'reload') location.reload();
    if (wanted === 'again') {
      try {
        if (!await Blazor.reconnect()) location.reload();
      } catch {
        // Still no answer: the card stays, and so does the page.
      }
    }
  });
})();

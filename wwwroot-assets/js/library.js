// The library's ear to the browser: how wide the page is, which layout the reader likes, where the reader was.
const layoutKey = 'catalogizer-layout';
const scrollKey = () => 'catalogizer-scroll:' + location.pathname + location.search;
let observer, onScroll, pending, returned = false;

addEventListener('popstate', () => { returned = true; });

export function enter(element, page) {
  leave();
  let last = 0;
  const tell = () => {
    const width = Math.round(element.clientWidth);
    if (width > 0 && width !== last) {
      last = width;
      page.invokeMethodAsync('OnWidth', width).catch(() => { });
    }
  };
  observer = new ResizeObserver(() => { cancelAnimationFrame(pending); pending = requestAnimationFrame(tell); });
  observer.observe(element);
  onScroll = () => sessionStorage.setItem(scrollKey(), String(Math.round(scrollY)));
  addEventListener('scrollend', onScroll, { passive: true });
  tell();
  return document.cookie.match(/(?:^|; )catalogizer-layout=(\w+)/)?.[1] ?? localStorage.getItem(layoutKey);
}

export function leave() {
  observer?.disconnect();
  if (onScroll) removeEventListener('scrollend', onScroll);
  observer = onScroll = undefined;
}

export function keepLayout(layout) {
  localStorage.setItem(layoutKey, layout);
  document.cookie = `${layoutKey}=${layout}; path=/; max-age=31536000; samesite=lax`;
}

// The work at the upper edge of what the reader sees; none while the beginning of the results is in view.
export function topWork(element) {
  const edge = document.querySelector('.bar').getBoundingClientRect().bottom;
  if (element.getBoundingClientRect().top >= edge) return null;
  const top = [...element.querySelectorAll('.card-link, .row-title > a')].find(a => a.closest('.card, .row').getBoundingClientRect().bottom > edge);
  return Number(top?.getAttribute('href').match(/item\/(\d+)/)?.[1]) || null;
}

export function toTop() {
  scrollTo({ top: 0, behavior: 'instant' });
}

// Going back leads to where the reader was; any other way leads to the top. The height is known before the cards are there.
export function restoreScroll() {
  const reloaded = performance.getEntriesByType('navigation')[0]?.type === 'reload';
  if (returned || reloaded) {
    const y = Number(sessionStorage.getItem(scrollKey()) ?? 0);
    requestAnimationFrame(() => requestAnimationFrame(() => scrollTo({ top: y, behavior: 'instant' })));
  }
  returned = false;
}

// Other results begin at the top. Going back keeps the place that the browser restores.
export function showFromTop() {
  if (!returned) scrollTo({ top: 0, behavior: 'instant' });
  returned = false;
}

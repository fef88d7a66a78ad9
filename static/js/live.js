// What the page "In the meeting" gains from a script: it asks every few seconds what has changed, puts
// the changed parts in place, and counts seconds. Text that is being typed is in none of these parts.
(() => {
  "use strict";

  // How often to ask, in milliseconds: while all is well, and at least while nothing answers.
  const PACE = 4000;
  const SLOWEST = 60000;
  const PATIENCE = 15000;
  const SECOND = 1000;

  const line = document.querySelector("[data-live]");

  // htmx compares two trees of elements and changes what differs, so that focus and pressed buttons
  // stay. What a person unfolded stays unfolded, also when a form in place brings the whole page.
  let morph = null;
  window.htmx.registerExtension("live", {
    init: (api) => {
      morph = api.morph;
    },
    htmx_before_morph_attr: (node, { attrName }) => !(attrName === "open" && node.matches("details")),
  });

  // The clocks of people differ; the seconds count by the server's.
  const offset = line ? Date.parse(line.dataset.liveNow) - Date.now() : 0;
  const sinceThen = (moment) => Math.floor((Date.now() + offset - Date.parse(moment)) / SECOND);

  const clock = (seconds) => {
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    const start = hours ? `${hours}:${two(minutes)}` : `${minutes}`;
    return `${start}:${two(seconds % 60)}`;
  };

  const tick = () => {
    for (const time of document.querySelectorAll(".live-since")) {
      time.textContent = clock(Math.max(sinceThen(time.dateTime), 0));
    }
    for (const time of document.querySelectorAll(".live-left")) {
      const over = sinceThen(time.dateTime);
      const words = over >= 0 ? line?.dataset.liveOver : line?.dataset.liveLeft;
      if (words) time.textContent = words.replace("%s", clock(Math.abs(over)));
      const bar = time.closest(".live-item")?.querySelector(".live-progress");
      if (!bar) continue;
      bar.value = Math.min(bar.max + over, bar.max);
      bar.classList.toggle("live-progress--over", over >= 0);
    }
  };
  tick();
  setInterval(tick, SECOND);
  if (!line) return;

  let tag = null;
  let wait = PACE;
  let timer = 0;
  let asking = null;
  let isStopped = false;

  // The notes that the page shows, or from which the text being typed was begun.
  const address = () => {
    const form = document.querySelector(".live-writing");
    const shown = document.querySelector(".live-revision")?.value;
    const query = new URLSearchParams({ notes: form ? form.elements.base.value : (shown ?? "0") });
    if (form) query.set("write", "1");
    return `${line.dataset.live}?${query}`;
  };

  const put = (text) => {
    const news = new DOMParser().parseFromString(text, "text/html");
    for (const part of news.querySelectorAll(".live-region")) {
      const here = document.querySelector(`#${CSS.escape(part.id)}`);
      if (!here) continue;
      const content = document.createDocumentFragment();
      content.append(...part.childNodes);
      morph(here, content, true);
    }
    tick();
  };

  const say = (words) => {
    line.textContent = words;
    line.hidden = !words;
  };

  const later = () => {
    clearTimeout(timer);
    // Not all browsers at the same moment.
    if (!isStopped && line.isConnected) timer = setTimeout(ask, wait * (0.9 + 0.2 * Math.random()));
  };

  const stop = (words) => {
    isStopped = true;
    say(words);
  };

  const take = async (response) => {
    if (response.redirected || [401, 403, 404].includes(response.status)) {
      stop(line.dataset.liveSignedOut);
      return;
    }
    if (response.status !== 304) {
      if (!response.ok) throw new Error(String(response.status));
      const text = await response.text();
      put(text);
      tag = response.headers.get("ETag");
      isStopped = text.includes('<meta name="live" content="over">');
    }
    wait = PACE;
    say("");
  };

  async function ask() {
    if (document.hidden || isStopped || asking) return;
    const current = (asking = new AbortController());
    const limit = setTimeout(() => current.abort("slow"), PATIENCE);
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const options = { headers, cache: "no-store", signal: current.signal };
      await take(await fetch(address(), options));
    } catch {
      if (current.signal.reason !== "act") {
        wait = Math.min(wait * 2, SLOWEST);
        say(line.dataset.liveAway);
      }
    } finally {
      clearTimeout(limit);
      asking = null;
      later();
    }
  }

  // What was asked before an act is answered with what was before it.
  document.addEventListener("htmx:before:request", () => asking?.abort("act"));
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    // What was typed into a small form is done; what was refused stays to be mended.
    if (ctx.response?.raw.redirected) ctx.sourceElement.reset?.();
    tag = null;
    tick();
    later();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    wait = PACE;
    clearTimeout(timer);
    ask();
  });
  later();
})();

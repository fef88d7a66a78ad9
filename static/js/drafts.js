// Keeps what is typed into a form as a draft on the server, and asks before unsaved text is left.
// Without it each form has a "Save for later" button that does the same.
(() => {
  "use strict";

  const PAUSE = 2000;
  // Who types without a pause is kept at least so often.
  const LONGEST = 20000;
  const AGAIN = 5000;
  // What a browser still sends of a page that is being closed, in bytes.
  const LAST_WORDS = 60000;
  const OWN = new Set(["csrfmiddlewaretoken", "preview", "draft-save"]);

  class Form {
    constructor(root) {
      this.root = root;
      this.form = root.closest("form");
      this.state = this.form.querySelector(".draft-state");
      this.first = this.kept = this.typed();
      // What the server holds as the draft, once it has said so.
      this.held = null;
      this.isUnsaved = root.dataset.draftUnsaved !== undefined;
      this.isLeaving = false;
      this.waiting = null;
      this.form.addEventListener("input", () => this.changed());
      this.form.addEventListener("change", () => this.changed());
      this.form.addEventListener("submit", (event) => this.submit(event));
      for (const button of this.form.querySelectorAll("[name=draft-save]")) button.hidden = true;
    }

    data() {
      const data = new FormData(this.form);
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
      return data;
    }

    // What the person typed, without the marks of the draft itself.
    typed() {
      const own = [...this.data()].filter(([name]) => !OWN.has(name) && !name.startsWith("draft"));
      return JSON.stringify(own);
    }

    // Whether leaving would lose something. A chosen file is in no draft.
    get isChanged() {
      const typed = this.typed();
      if (typed === this.held) return this.hasFile;
      return this.isUnsaved || typed !== this.first;
    }

    get hasFile() {
      return [...new FormData(this.form).values()].some((value) => value instanceof File && value.name);
    }

    changed() {
      if (this.typed() === this.kept) return;
      this.since ||= Date.now();
      const left = Math.max(0, this.since + LONGEST - Date.now());
      this.later(Math.min(PAUSE, left));
    }

    later(milliseconds) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), milliseconds);
    }

    say(words, link) {
      if (!this.state) return;
      this.state.textContent = words;
      if (!link) return;
      const way = Object.assign(document.createElement("a"), { href: link, target: "_blank" });
      way.rel = "noopener";
      way.textContent = this.root.dataset.signIn;
      this.state.append(" ", way);
    }

    // "kept", "refused" (asking again is of no use) or "away" (asked again by itself).
    async save(isLast = false) {
      clearTimeout(this.timer);
      const typed = this.typed();
      if (typed === this.kept || this.isLeaving) return "kept";
      if (this.running) await this.running;
      this.running = this.send(typed, isLast);
      const outcome = await this.running;
      this.running = null;
      if (outcome === "away") this.later(AGAIN);
      else if (!this.isLeaving) this.changed();
      return outcome;
    }

    async send(typed, isLast, isSecond = false) {
      this.since = 0;
      this.abort = new AbortController();
      let response;
      try {
        response = await fetch(this.root.dataset.draft, {
          method: "POST",
          body: this.data(),
          headers: { Accept: "application/json" },
          keepalive: isLast && typed.length < LAST_WORDS,
          signal: this.abort.signal,
        });
      } catch {
        if (!this.isLeaving) this.say(this.root.dataset.away);
        return "away";
      }
      if (response.ok) return this.took(await response.json(), typed);
      if (response.status >= 500) {
        this.say(this.root.dataset.away);
        return "away";
      }
      if ([401, 403].includes(response.status)) {
        if (!isSecond && (await this.renew())) return this.send(typed, isLast, true);
        this.say(this.root.dataset.signedOut, this.root.dataset.draftSignIn);
        return "away";
      }
      return this.refused(response);
    }

    took(answer, typed) {
      this.set("draft", answer.uuid);
      this.set("draft-version", answer.version);
      this.kept = this.held = typed;
      this.say(answer.words);
      return "kept";
    }

    async refused(response) {
      const answer = await response.json().catch(() => ({}));
      this.kept = this.typed();
      this.say(answer.problem || this.root.dataset.refused);
      return "refused";
    }

    // The sign-in was renewed in another tab: its token is taken over, if it is the same person.
    async renew() {
      try {
        const response = await fetch(this.root.dataset.draftToken);
        if (!response.ok || response.redirected) return false;
        const { token, person } = await response.json();
        if (person !== this.form.elements["draft-owner"].value) return false;
        this.set("csrfmiddlewaretoken", token);
        return true;
      } catch {
        return false;
      }
    }

    set(name, value) {
      this.form.elements[name].value = value;
    }

    // The text is on the server before the form goes, so that a server that fails loses nothing.
    async submit(event) {
      if (event.defaultPrevented) return;
      const button = event.submitter;
      const isKept = this.isReady || this.typed() === this.kept;
      if (isKept || OWN.has(button?.name)) {
        this.leave();
        return;
      }
      event.preventDefault();
      if (this.waiting) return;
      this.waiting = true;
      let outcome = await this.save();
      while (outcome === "away" && this.state?.querySelector("a") === null) {
        this.say(this.root.dataset.trying);
        clearTimeout(this.timer);
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
        outcome = await this.save();
      }
      this.waiting = null;
      this.isReady = true;
      // Asked for while this event still runs, it would be ignored.
      setTimeout(() => this.form.requestSubmit(button));
    }

    leave() {
      clearTimeout(this.timer);
      this.isLeaving = true;
      this.abort?.abort();
    }

    cameBack() {
      this.isLeaving = this.isReady = false;
    }
  }

  const forms = [...document.querySelectorAll("[data-draft]")].map((root) => new Form(root));
  const unsaved = () => forms.some((form) => !form.isLeaving && form.isChanged);

  window.addEventListener("beforeunload", (event) => {
    if (unsaved() && !forms.some((form) => form.isLeaving)) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) forms.forEach((form) => form.cameBack());
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") forms.forEach((form) => form.save(true));
  });

  // htmx replaces a piece of a page without leaving it: the same question where text is in it. A form
  // in place changes what differs, and no text that is typed.
  document.addEventListener("htmx:before:swap", (event) => {
    if (event.detail?.ctx?.swap?.startsWith("innerMorph")) return;
    const target = event.detail?.ctx?.target || event.target;
    const lost = forms.filter((form) => target.contains?.(form.form) && form.isChanged);
    if (lost.length && !window.confirm(lost[0].root.dataset.leave)) event.preventDefault();
  });
})();

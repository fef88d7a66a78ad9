// What pages gain from a script; each of them works without it.
(() => {
  "use strict";

  const root = document.documentElement;
  const MENUS = ".site-menu[open], .bottom-bar details[open]";

  // Error pages are the same bytes for everybody, so the server cannot write the theme into them.
  const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie);
  if (theme && !root.dataset.theme) root.dataset.theme = theme[1];

  // On a phone the open tab may lie beyond the edge of its row.
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const row = tab.closest(".tabs");
    const { left, right } = tab.getBoundingClientRect();
    const edge = row.getBoundingClientRect();
    if (right > edge.right || left < edge.left) row.scrollLeft += left - edge.left - 24;
  }

  // "/" goes to the search box, unless one is already writing.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const box = document.getElementById("jump") || document.querySelector("input[type=search]");
    if (!box || !box.offsetParent) return;
    event.preventDefault();
    box.focus();
  });

  // <a href="/…/withdraw/" data-dialog="withdraw"> opens <dialog id="withdraw"> of the same page.
  const openDialog = (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (!dialog || !dialog.showModal) return;
    event.preventDefault();
    dialog.showModal();
  };

  // <button data-close> closes the dialog around it, <button data-dismiss> the toast.
  const close = (event) => {
    const inside = event.target.closest("[data-close], [data-dismiss]")?.closest("dialog, .toast");
    if (!inside) return;
    event.preventDefault();
    if (inside.close) inside.close();
    else inside.remove();
  };

  // <button data-copy="id of the text" data-copied="Copied"> copies it and says so.
  const copy = (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.getElementById(button.dataset.copy);
    if (!source || !navigator.clipboard) return;
    navigator.clipboard.writeText(source.textContent.trim()).then(() => {
      button.textContent = button.dataset.copied || button.textContent;
    });
  };

  // A menu made of <details> closes when one clicks beside it or presses Escape.
  const closeMenus = (event) => {
    for (const menu of document.querySelectorAll(MENUS)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    openDialog(event);
    close(event);
    copy(event);
    closeMenus(event);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(MENUS)) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A toast leaves by itself after 8 seconds, unless it offers something to do or is pointed at.
  const leaveLater = (toast) => {
    if (toast.querySelector("a, button")) return;
    const leave = () => {
      if (toast.matches(":hover")) {
        setTimeout(leave, 2000);
        return;
      }
      toast.classList.add("leaving");
      setTimeout(() => toast.remove(), 200);
    };
    setTimeout(leave, 8000);
  };
  const toasts = document.getElementById("toasts");
  if (toasts) {
    toasts.querySelectorAll(".toast").forEach(leaveLater);
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) {
          if (node.matches?.(".toast")) leaveLater(node);
        }
      }
    }).observe(toasts, { childList: true });
  }

  const prepare = () => {
    // What has to be mended is where one begins.
    document.querySelector(".error-summary")?.focus();

    // <button data-dismiss hidden> and <button data-copy hidden> are of use only with a script.
    for (const button of document.querySelectorAll("[data-dismiss][hidden]")) button.hidden = false;
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  };
  prepare();

  // <form data-auto-submit> asks again at every choice; words are sent by Enter or its button.
  document.addEventListener("change", (event) => {
    if (event.target.type === "search") return;
    event.target.closest("form[data-auto-submit]")?.requestSubmit();
  });

  // A form in place ({% in_place %}): its answer is a page that takes the place of this one. Another
  // page, such as that for signing in, is gone to as ever.
  const place = (url) => url.pathname + url.search;
  let shown = place(location);
  document.addEventListener("htmx:before:swap", (event) => {
    const answer = event.detail.ctx.response.raw;
    const url = new URL(answer.url);
    if (answer.redirected && url.pathname !== location.pathname) {
      event.preventDefault();
      location.assign(url);
    } else if (url.pathname === location.pathname && place(url) !== shown) {
      shown = place(url);
      history.pushState(null, "", url);
    }
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.target === document.body) prepare();
  });
  // The second click of a double click would hit what has moved below the pointer, or send the same
  // act again; so would whatever else is sent before the answer is there.
  const ACT = "form[hx-boost][method=post]";
  document.addEventListener(
    "click",
    (event) => {
      if (event.detail > 1 && event.target.closest(`${ACT} button`)) event.preventDefault();
    },
    true,
  );
  let isAsking = false;
  const isAct = (event) => event.detail.ctx.sourceElement.matches(ACT);
  document.addEventListener("htmx:before:request", (event) => {
    if (!isAct(event)) return;
    if (isAsking) event.preventDefault();
    isAsking = true;
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (isAct(event)) isAsking = false;
  });
  window.addEventListener("popstate", () => {
    if (place(location) !== shown) location.reload();
  });
  document.addEventListener("htmx:error", () => {
    isAsking = false;
    const note = document.createElement("p");
    note.className = "toast";
    note.textContent = document.getElementById("no-answer").textContent;
    toasts.append(note);
  });
})();

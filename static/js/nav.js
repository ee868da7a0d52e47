// Small comforts around the text. Everything works without them.

// A page that comes back from the back/forward cache may be older than the sign-in: load it anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// Whoever signed in again was told once that a step was lost; loading the page again would tell it anew.
{
  const here = new URL(location.href);
  if (here.searchParams.has("unsaved")) {
    here.searchParams.delete("unsaved");
    history.replaceState(history.state, "", here);
  }
}

// The account menu closes on Escape and on a click beside it.
{
  const close = (menu) => {
    menu.open = false;
  };
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) close(menu);
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector("details.menu[open]");
    if (event.key !== "Escape" || !menu) return;
    close(menu);
    menu.querySelector("summary").focus();
  });
}

// Browsers that cannot show a closed <details> by style get the contents opened on a wide page.
if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 60rem)").matches) {
  document.querySelector(".toc-fold")?.setAttribute("open", "");
}

// The contents stay open while the server draws them anew beside an answer.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const open = event.detail.target.querySelector(".toc-fold[open]");
  if (open) event.detail.fragment.querySelector(".toc-fold")?.setAttribute("open", "");
});

// The section one is in stands out in the contents, and the heading one is at in "On this page".
{
  const toc = document.querySelector(".toc");
  const current = toc?.querySelector("[aria-current]");
  if (current) toc.scrollTop = current.offsetTop - toc.clientHeight / 2;
}
{
  const links = new Map();
  for (const link of document.querySelectorAll(".reader-here a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const mark = () => {
    let last = null;
    for (const [heading, link] of links) {
      link.removeAttribute("aria-current");
      if (heading.getBoundingClientRect().top < innerHeight / 3) last = link;
    }
    last?.setAttribute("aria-current", "true");
  };
  if (links.size) {
    const watcher = new IntersectionObserver(mark, { rootMargin: "0px 0px -60% 0px" });
    for (const heading of links.keys()) watcher.observe(heading);
  }
}

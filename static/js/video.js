// Plays a video of another site on the page, where this site allows it. Without it the card's link leads there.
"use strict";

(() => {
  // The host's own sandbox: it runs and knows its own visitors; it neither moves this page nor sends forms.
  const SANDBOX = "allow-scripts allow-same-origin allow-presentation allow-popups allow-popups-to-escape-sandbox";

  const play = (card, button, title, address) => {
    const player = document.createElement("iframe");
    player.className = "video-player";
    player.title = title;
    player.setAttribute("sandbox", SANDBOX);
    player.allow = "fullscreen; encrypted-media; picture-in-picture";
    player.referrerPolicy = "strict-origin-when-cross-origin";
    player.src = address;
    card.before(player);
    button.remove();
    card.hidden = false;
    player.focus();
  };

  const offer = (card, address, words) => {
    const link = card.querySelector("a");
    const title = link.firstChild.textContent.trim();
    const host = document.createElement("span");
    host.className = "video-host";
    host.textContent = `${words} ${new URL(address).host}`;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "video-button";
    button.append(`${title} `, host);
    button.addEventListener("click", () => play(card, button, title, address));
    card.before(button);
    card.hidden = true;
  };

  for (const prose of document.querySelectorAll("[data-players]")) {
    const players = JSON.parse(prose.dataset.players);
    for (const card of prose.querySelectorAll("p.video")) {
      const address = players[card.querySelector("a")?.getAttribute("href")];
      if (address) offer(card, address, prose.dataset.play);
    }
  }
})();

// The theme switch. The choice lives in a cookie, so that the server draws the page in it at once.
// Choosing what the system has anyway forgets the choice.
{
  const root = document.documentElement;
  const button = document.querySelector(".theme-switch");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const current = () => root.dataset.theme || (system.matches ? "dark" : "light");

  const draw = () => {
    const dark = current() === "dark";
    const [moon, sun] = button.querySelectorAll("svg");
    moon.toggleAttribute("hidden", dark);
    sun.toggleAttribute("hidden", !dark);
    button.querySelector("span").textContent = dark ? button.dataset.toLight : button.dataset.toDark;
    button.title = button.querySelector("span").textContent;
  };

  const choose = (theme) => {
    const follows = theme === (system.matches ? "dark" : "light");
    if (follows) delete root.dataset.theme;
    else root.dataset.theme = theme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const age = follows ? 0 : 365 * 24 * 3600; // seconds
    document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
    draw();
  };

  if (button) {
    draw();
    button.hidden = false;
    button.addEventListener("click", () => choose(current() === "dark" ? "light" : "dark"));
    system.addEventListener("change", draw);
  }
}

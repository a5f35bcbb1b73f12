/* While a run goes the page fetches itself now and then; nothing else is scripted. */
(function again() {
  setTimeout(function () {
    var shown = document.getElementById("lockstep");
    if (!shown || shown.dataset.going !== "true") return;
    if (document.hidden) return again();
    fetch(location.href, {credentials: "same-origin"})
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (text) {
        var page = text && new DOMParser().parseFromString(text, "text/html");
        var fresh = page && page.getElementById("lockstep");
        if (fresh) shown.replaceWith(document.adoptNode(fresh));
      })
      .catch(function () {})
      .then(again);
  }, 1000);
})();

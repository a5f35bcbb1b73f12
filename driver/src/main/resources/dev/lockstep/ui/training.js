/* While a run goes the page fetches itself each second; one that gets no answer says so and asks
   less often. Nothing else is scripted. */
(function again(delay) {
  setTimeout(function () {
    var shown = document.getElementById("lockstep");
    if (!shown || shown.dataset.going !== "true") return;
    if (document.hidden) return again(1000);
    fetch(location.href, {credentials: "same-origin"})
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        shown.replaceWith(document.adoptNode(page.getElementById("lockstep")));
        again(1000);
      })
      .catch(function () {
        shown.classList.add("unanswered");
        again(10000);
      });
  }, delay);
})(1000);

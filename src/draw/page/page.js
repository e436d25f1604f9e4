const answer = await fetch("/api/models", {
  headers: { "ncm-token": location.hash.slice(1) },
});
document.getElementById("answer").textContent = await answer.text();

// Runs inline, before any file of the app has arrived: it asks what the first page will ask, so that the answer travels beside
// the code instead of after it. The app takes each answer once (src/data/early.ts). __READS__ is filled in by the build.
;(function () {
  const token = /(?:^|; )wn_csrf=([^;]*)/.exec(document.cookie)
  if (!token) return
  const started = (window.wnEarly = new Map())
  for (const read of __READS__) {
    if (!new RegExp(read.path).test(location.pathname) || (read.plain && location.search !== '')) continue
    const answer = fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        'x-csrf-token': decodeURIComponent(token[1]),
      },
      body: JSON.stringify({ documentId: read.documentId, variables: read.variables }),
      // Read to its end here: an answer that nobody takes must not keep its connection.
    }).then(async (response) => new Response(await response.text(), { status: response.status, headers: response.headers }))
    // Whoever takes it hears of the failure; otherwise it is no error of the page.
    answer.catch(() => {})
    started.set(read.documentId + JSON.stringify(read.variables), { answer, at: Date.now() })
  }
})()

"""The pictures of the documents, made from the demo: ``make pictures``.

Scenes (`tests.pictures.scenes`) are played on the demo as people would play them: words are written, buttons are
tapped, the clock is moved. At some moments a phone is photographed. What each picture shows is written beside them
(``docs/images/shown.json``), so that a test can play the scenes without a browser and say which pictures are old.

The demo's clock stands still until a scene moves it, and the codes are drawn from a fixed seed, so the same program
shows the same words. On the same computer the bytes are the same too, but for „Technik", which says how large a backup
is; with another browser or other fonts they differ (decision 35).
"""

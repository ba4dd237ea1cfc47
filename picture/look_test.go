package picture

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/draw"
)

var pictures = flag.String("pictures", "", "a folder to write every scene's picture to, for looking at")

// Equal input gives equal bytes, so that a picture is sent again only when it
// says something else.
func TestDrawnTwice(t *testing.T) {
	for _, name := range []string{"eventful", "scripts"} {
		line := sceneNamed(t, name)
		out, err := line.PNG()
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := sceneNamed(t, name).PNG(); !bytes.Equal(again, out) {
			t.Errorf("%s drawn twice, two pictures", name)
		}
	}
}

// Every scene can be drawn, and is small enough for a chat.
func TestScenes(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			line := s.tell(t).timeline()
			out, err := line.PNG()
			if err != nil {
				t.Fatal(err)
			}
			if len(out) > 120_000 {
				t.Errorf("%d bytes", len(out))
			}
			if *pictures != "" {
				show(t, filepath.Join(*pictures, s.name), out)
			}
		})
	}
}

// show writes a picture as it is and as a phone shows it, 360 wide.
func show(t *testing.T, path string, out []byte) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	small := image.NewRGBA(image.Rect(0, 0, 360, img.Bounds().Dy()*360/img.Bounds().Dx()))
	draw.CatmullRom.Scale(small, small.Rect, img, img.Bounds(), draw.Src, nil)
	var phone bytes.Buffer
	if err := png.Encode(&phone, small); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{path + ".png": out, path + "-phone.png": phone.Bytes()} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	for _, s := range scenes {
		b.Run(s.name, func(b *testing.B) {
			line := s.tell(b).timeline()
			for b.Loop() {
				out, err := line.PNG()
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(out)), "bytes")
			}
		})
	}
}

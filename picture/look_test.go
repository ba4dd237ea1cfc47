package picture

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var pictures = flag.String("pictures", "", "a folder to write every scene's picture to, for looking at")

// Every scene can be drawn, the same way twice, and is small enough for a chat.
func TestScenes(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			line := s.tell(t).timeline()
			out, err := line.PNG()
			if err != nil {
				t.Fatal(err)
			}
			if again, _ := line.PNG(); string(again) != string(out) {
				t.Error("drawn twice, two pictures")
			}
			if len(out) > 120_000 {
				t.Errorf("%d bytes", len(out))
			}
			if *pictures != "" {
				if err := os.WriteFile(filepath.Join(*pictures, s.name+".png"), out, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
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

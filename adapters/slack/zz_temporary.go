package slack

import (
	"context"
	"net/http"

	"github.com/synthoperator/baton/chat"
)

type Adapter struct{ o Options }

func New(o Options) (*Adapter, error)                                { return &Adapter{o}, nil }
func (a *Adapter) Run(ctx context.Context, h chat.Handler) error     { <-ctx.Done(); return nil }
func (a *Adapter) Routes(mux *http.ServeMux)                         {}
func (a *Adapter) Traits() chat.Traits                               { return chat.Traits{} }
func (a *Adapter) Split(m chat.Message) []chat.Message               { return nil }
func (a *Adapter) Post(context.Context, chat.Post) (chat.Ref, error) { return chat.Ref{}, nil }
func (a *Adapter) Edit(context.Context, chat.Ref, chat.Post) error   { return nil }

module example.com/shop

go 1.24

tool golang.org/x/tools/cmd/stringer

require github.com/gorilla/mux v1.8.1

require (
	go.mau.fi/whatsmeow v0.0.0-20240101000000-000000000000
	github.com/aldinokemal/go-whatsapp-web-multidevice/v7 v7.1.0 // indirect
)

replace example.com/wa => github.com/tulir/whatsmeow v0.0.0-20230101000000-000000000000

replace example.com/here => ../here

exclude github.com/Rhymen/go-whatsapp v0.1.0

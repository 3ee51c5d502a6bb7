"""The Risk terrain page: factors in, reasons out."""

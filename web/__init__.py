"""What people use: the Flask front end and the `telisik` command."""
